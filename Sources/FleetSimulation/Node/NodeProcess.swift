import Synchronization

/// One process on a node: what it does counts only while it lives.
final class NodeProcess: Sendable {
    let pid: Int32
    private struct State {
        var isAlive = true
        var isHung = false
    }

    private let state = Mutex(State())

    init(pid: Int32) { self.pid = pid }

    var isAlive: Bool { state.withLock { $0.isAlive } }

    /// It does nothing any more, and is there.
    var isHung: Bool { state.withLock { $0.isHung } }

    /// It is there, and does something.
    var isAtWork: Bool { state.withLock { $0.isAlive && !$0.isHung } }

    func end() { state.withLock { $0.isAlive = false } }

    func hang() { state.withLock { $0.isHung = true } }
}
