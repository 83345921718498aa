import CSystemCalls
import Glibc
import UpgradePorts

/// Threads of the system.
package struct LiveThreads: Threads {
    /// Needs no preparation.
    package init() {}

    package func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(ThreadBody(name, body))
        var thread = pthread_t()
        // The system may be out of threads for a moment; work that was promised is started when it has one again.
        while pthread_create(&thread, nil, { ThreadBody.run($0) }, box.toOpaque()) != 0 { usleep(100_000) }
        pthread_detach(thread)
    }

    package func makeBell() -> any Bell { LiveBell() }
}

private final class ThreadBody {
    private let name: String
    private let body: @Sendable () -> Void

    init(_ name: String, _ body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }

    static func run(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let context else { return nil }
        let thread = Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue()
        uplift_name_thread(thread.name)
        thread.body()
        return nil
    }
}
