import FoundationEssentials
import UpgradeWire

/// What the hub answered.
struct Answer: Sendable {
    let status: Int
    /// Names in lower case.
    let headers: [String: String]
    let body: [UInt8]

    /// Takes the bytes of a connection apart. `Content-Length` must be right; this hub never answers in chunks.
    init(_ bytes: [UInt8]) throws {
        let gap = Array("\r\n\r\n".utf8)
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: gap) }) else {
            throw TestFailure("no head in the answer: \(String(decoding: bytes.prefix(200), as: UTF8.self))")
        }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        self.headers = headers
        body = Array(bytes[(end + gap.count)...])
        if status != 204, let length = headers["content-length"].flatMap({ Int($0) }), length != body.count {
            throw TestFailure("the answer has \(body.count) bytes, promised were \(length)")
        }
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON; nil when it is none.
    var json: JSONValue? { try? JSONDecoder().decode(JSONValue.self, from: Data(body)) }

    /// The stable word of an error or success.
    var code: String? { json?[member: "code"]?.string }

    /// The sentence of an error or success.
    var message: String? { json?[member: "msg"]?.string }
}

extension JSONValue {
    /// Whether everything that is expected is there; objects may have more members, `null` also stands for absent and for `""`.
    func contains(_ expected: JSONValue) -> Bool {
        switch (self, expected) {
        case (.object(let members), .object(let wanted)):
            return wanted.allSatisfy { name, value in (members[name] ?? .null).contains(value) }
        case (.array(let elements), .array(let wanted)):
            return elements.count == wanted.count && zip(elements, wanted).allSatisfy { $0.contains($1) }
        case (.string(""), .null): return true
        // A status shows three empty versions where none was stored.
        case (.object(let members), .null): return members.values.allSatisfy { $0.contains(.null) }
        default: return self == expected
        }
    }
}
