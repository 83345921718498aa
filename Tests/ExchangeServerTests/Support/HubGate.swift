import NIOPosix

/// Lets a few hubs run at a time. Each has threads of its own: hundreds at once would only make each other late.
actor HubGate {
    static let shared = HubGate(placesMax: 8)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(placesMax: Int) { free = placesMax }

    /// Waits for a place; ``leave()`` gives it back. Whoever has one must not ask for a second.
    func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}

/// Threads for the clients of tests, which block.
enum ClientThreads {
    static let pool: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: 24)
        pool.start()
        return pool
    }()
}
