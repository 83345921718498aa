/// The head of a request or an answer, as a test server sees it.
package struct WireHead: Sendable {
    /// Request or status line.
    package var firstLine: String
    /// In order, names as sent.
    package var headers: [(name: String, value: String)]

    /// The last header of this name, in any case.
    package func header(_ name: String) -> String? { headers.last { $0.name.lowercased() == name.lowercased() }?.value }

    /// Replaces the header, or takes it away with nil.
    package mutating func set(_ name: String, _ value: String?) {
        headers.removeAll { $0.name.lowercased() == name.lowercased() }
        if let value { headers.append((name, value)) }
    }

    /// Word of the first line: 0 is a request's method, 1 its target or an answer's status.
    package func word(_ index: Int) -> String {
        let words = firstLine.split(separator: " ")
        return index < words.count ? String(words[index]) : ""
    }

    /// Nil unless the head has a valid `Content-Length`.
    package var contentLength: Int? { header("Content-Length").flatMap { Int($0) } }

    /// As it goes over the wire, with the empty line.
    package var bytes: [UInt8] {
        Array((firstLine + "\r\n" + headers.map { "\($0.name): \($0.value)\r\n" }.joined() + "\r\n").utf8)
    }
}

/// Reads heads and bodies from a wire.
package final class WireReader {
    private let wire: Wire
    private var ahead: [UInt8] = []

    package init(_ wire: Wire) { self.wire = wire }

    /// The next head; nil when the wire ends first.
    package func head() -> WireHead? {
        while true {
            if let end = ahead.firstRange(of: Array("\r\n\r\n".utf8)) {
                let lines = String(decoding: ahead[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
                ahead.removeSubrange(..<end.upperBound)
                guard let first = lines.first else { return nil }
                return WireHead(firstLine: String(first), headers: lines.dropFirst().compactMap { Self.header($0) })
            }
            let more = wire.read(max: 16384)
            guard !more.isEmpty else { return nil }
            ahead += more
        }
    }

    /// The next bytes, at most `max`; empty at the end.
    package func bytes(max: Int) -> [UInt8] {
        guard !ahead.isEmpty else { return wire.read(max: max) }
        let taken = Array(ahead.prefix(max))
        ahead.removeFirst(taken.count)
        return taken
    }

    /// Exactly `count` bytes, or fewer at the end.
    package func body(_ count: Int) -> [UInt8] {
        var body: [UInt8] = []
        while body.count < count {
            let more = bytes(max: min(65536, count - body.count))
            guard !more.isEmpty else { break }
            body += more
        }
        return body
    }

    private static func header(_ line: Substring) -> (name: String, value: String)? {
        guard let colon = line.firstIndex(of: ":") else { return nil }
        return (String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0 == " " }))
    }
}
