import FleetSimulation
import Synchronization
import UpgradePorts
import UpgradeSystem

/// Calls to a hub that need not wait for each other.
enum InParallel {
    private static let threads = 8

    /// Returns when `body` was called with each of them.
    /// - Returns: what failed.
    static func each<Element: Sendable>(
        _ elements: [Element], _ body: @escaping @Sendable (Element) throws(LiveFailure) -> Void
    ) -> [LiveFailure] {
        let system = LiveThreads()
        let bell = system.makeBell()
        let open = Open(elements)
        for number in 0..<min(InParallel.threads, elements.count) {
            system.start("hub-\(number)") {
                while let element = open.next() {
                    do throws(LiveFailure) {
                        try body(element)
                        open.done(nil)
                    } catch { open.done(error) }
                }
                bell.ring()
            }
        }
        while !open.isDone { bell.wait(atMost: .milliseconds(50)) }
        return open.failures
    }

    private final class Open<Element: Sendable>: Sendable {
        private struct State {
            var rest: ArraySlice<Element>
            var left: Int
            var failures: [LiveFailure] = []
        }

        private let state: Mutex<State>

        init(_ elements: [Element]) { state = Mutex(State(rest: elements[...], left: elements.count)) }

        var isDone: Bool { state.withLock { $0.left == 0 } }
        var failures: [LiveFailure] { state.withLock { $0.failures } }

        func next() -> Element? { state.withLock { $0.rest.popFirst() } }

        func done(_ failure: LiveFailure?) {
            state.withLock { state in
                state.left -= 1
                if let failure { state.failures.append(failure) }
            }
        }
    }
}
