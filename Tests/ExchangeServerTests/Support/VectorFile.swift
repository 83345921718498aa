import FoundationEssentials
import UpgradeWire

/// A file of conformance cases.
struct VectorFile {
    let meta: JSONValue
    let cases: [VectorCase]

    /// Reads `Vectors/<name>.json` beside the tests.
    init(_ name: String) throws {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
        let document = try JSONDecoder().decode(JSONValue.self, from: Data(try readFile("\(folder)/Vectors/\(name).json")))
        meta = document[member: "meta"] ?? .null
        cases = (document[member: "cases"]?.array ?? []).compactMap(VectorCase.init)
        if cases.isEmpty { throw TestFailure("no cases in \(name).json") }
    }
}

/// One conformance case.
struct VectorCase: Sendable, CustomStringConvertible {
    let id: String
    let auth: String
    let method: String
    let path: String
    let query: [String: JSONValue]
    let body: JSONValue?
    let expect: JSONValue

    var description: String { id }

    init?(_ value: JSONValue) {
        guard let id = value[member: "id"]?.string, let auth = value[member: "auth"]?.string, let expect = value[member: "expect"],
            let request = value[member: "request"], let method = request[member: "method"]?.string,
            let path = request[member: "path"]?.string
        else { return nil }
        self.id = id
        self.auth = auth
        self.method = method
        self.path = path
        self.expect = expect
        query = request[member: "query"]?.object ?? [:]
        body = request[member: "body"]
    }

    /// The org in the path.
    var org: String { String(path.split(separator: "/").dropFirst(2).first ?? "") }

    /// Path and encoded query.
    var target: String {
        if query.isEmpty { return path }
        let items = query.map { name, value in "\(name)=\(Self.encoded(value.string ?? ""))" }
        return path + "?" + items.joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(UnicodeScalar(byte))
            return character.isLetter || character.isNumber ? String(character) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    func send(to hub: TestHub, auth: String?, body: JSONValue? = nil) async throws -> Answer {
        try await hub.client.send(method, target, auth: auth, json: body ?? self.body)
    }
}
