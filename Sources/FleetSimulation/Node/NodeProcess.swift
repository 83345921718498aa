import Synchronization

/// One process on a node: what it does counts only while it lives.
final class NodeProcess: Sendable {
    let pid: Int32
    private let alive = Mutex(true)

    init(pid: Int32) { self.pid = pid }

    var isAlive: Bool { alive.withLock { $0 } }

    func end() { alive.withLock { $0 = false } }
}
