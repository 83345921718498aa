import Synchronization

/// What happened, in order: a hash of all of it, and the last lines of each node. The same seed gives the same hash on every machine.
final class Trace: Sendable {
    /// One thing that happened.
    struct Line: Sendable {
        let at: Duration
        let what: String
    }

    private struct State {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var lines: [String: [Line]] = [:]
        /// Nodes by what was found in a line.
        var found: [String: Set<String>] = [:]
    }

    private static let linesMax = 400

    private let texts: [String]
    private let state = Mutex(State())

    /// - Parameter texts: what is looked for in lines.
    init(watching texts: [String] = []) { self.texts = texts }

    /// Nodes with a line that held the text.
    func nodes(with text: String) -> Set<String> { state.withLock { $0.found[text] ?? [] } }

    func note(_ at: Duration, _ node: String, _ what: String) {
        state.withLock { state in
            for byte in "\(at.nanoseconds) \(node) \(what)\n".utf8 { state.hash = (state.hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            for text in texts where what.contains(text) { state.found[text, default: []].insert(node) }
            state.lines[node, default: []].append(Line(at: at, what: what))
            if let count = state.lines[node]?.count, count > Trace.linesMax { state.lines[node]?.removeFirst(Trace.linesMax / 2) }
        }
    }

    /// 16 hexadecimal digits.
    var hash: String {
        let text = String(state.withLock { $0.hash }, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }

    func lines(of node: String) -> [Line] { state.withLock { $0.lines[node] ?? [] } }
}
