import Glibc
import Synchronization

/// Holds a handler until the test lets it go.
final class Gate: Sendable {
    private let ends: (read: Int32, write: Int32)
    private let waiting = Atomic(0)

    init() {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        self.ends = (ends[0], ends[1])
    }

    deinit {
        close(ends.read)
        close(ends.write)
    }

    /// How many came so far.
    var arrivals: Int { waiting.load(ordering: .sequentiallyConsistent) }

    func wait() {
        waiting.add(1, ordering: .sequentiallyConsistent)
        var poll = pollfd(fd: ends.read, events: Int16(POLLIN), revents: 0)
        _ = Glibc.poll(&poll, 1, 30_000)
    }

    /// For everybody, for good.
    func open() {
        _ = write(ends.write, "x", 1)
    }
}

enum Eventually {
    /// Tries until it holds, for at most 30 s.
    static func holds(_ condition: () throws -> Bool) -> Bool {
        let end = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < end {
            if (try? condition()) == true { return true }
            _ = poll(nil, 0, 2)
        }
        return false
    }
}

/// A thread of its own: the tests that run beside may block every thread of the pool.
final class Background {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private var thread = pthread_t()

    init(_ run: @escaping @Sendable () -> Void) {
        let body = Unmanaged.passRetained(Body(run)).toOpaque()
        pthread_create(
            &thread, nil,
            { argument in
                argument.map { Unmanaged<Body>.fromOpaque($0).takeRetainedValue().run() }
                return nil
            }, body)
    }

    func join() { pthread_join(thread, nil) }
}
