import ExchangeModel
import FoundationEssentials
import Hummingbird
import UpgradeWire

/// The answer to GET with `?attribute=<name>`: one value of a document as text. Source: contract 1.2, 1.3.
enum AttributeReply {
    /// The attribute by its wire name, case-insensitive; lists and objects as JSON text, `null` as nothing; an unknown name is 400.
    static func one(_ name: String, of document: some Encodable) throws -> Response {
        let value = try JSONDecoder().decode(JSONValue.self, from: try JSONEncoder().encode(document))
        let members = value.object ?? [:]
        guard let key = members.keys.first(where: { $0.lowercased() == name.lowercased() }), let member = members[key] else {
            throw Refusal.badInput("unknown attribute '\(name)'")
        }
        return try Reply.json(AttributeDocument(attribute: name, value: try text(member)))
    }

    private static func text(_ value: JSONValue) throws -> String {
        if let text = value.string { return text }
        if value == .null { return "" }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
