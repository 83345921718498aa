import Synchronization
import UpgradePorts

/// A bell without a thread: whoever listens is called, and puts its next step on the timeline.
final class SimBell: Bell {
    /// A closure that lies in a generic place by itself is wrapped once more whenever it is looked at.
    private struct Listener {
        var body: (@Sendable () -> Void)?
    }

    private let listener = Mutex(Listener())
    private let took: @Sendable (Duration) -> Void

    /// - Parameter took: told the time of a wait in the middle of a step.
    init(took: @escaping @Sendable (Duration) -> Void) { self.took = took }

    func listen(_ body: (@Sendable () -> Void)?) { listener.withLock { $0.body = body } }

    func ring() { listener.withLock { $0.body }?() }

    func wait(atMost: Duration?) { took(atMost ?? .zero) }
}

/// Makes bells; there are no threads in a simulation.
struct SimThreads: Threads {
    let took: @Sendable (Duration) -> Void

    func start(_ name: String, _ body: @escaping @Sendable () -> Void) {}

    func makeBell() -> any Bell { SimBell(took: took) }
}
