import Synchronization
import Testing
import UpgradePorts
import UpgradeSystem

@Suite("Threads and bells")
struct LiveThreadsTests {
    @Test("A ring before the wait is not lost, and several are one")
    func ringBefore() {
        let bell = LiveThreads().makeBell()
        bell.ring()
        bell.ring()
        bell.wait(atMost: nil)
        let start = ContinuousClock.now
        bell.wait(atMost: .milliseconds(30))
        #expect(ContinuousClock.now - start >= .milliseconds(30))
    }

    @Test("A ring from another thread ends the wait")
    func ringFromOutside() {
        let bell = LiveThreads().makeBell()
        LiveThreads().start("a thread with a long name") { bell.ring() }
        bell.wait(atMost: nil)
    }

    @Test("A wait of no time ends at once")
    func noTime() {
        let bell = LiveThreads().makeBell()
        bell.wait(atMost: .zero)
        bell.wait(atMost: .seconds(-5))
    }
}
