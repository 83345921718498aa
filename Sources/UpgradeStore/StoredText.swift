import FoundationEssentials
import UpgradePorts

/// How values look in a column: JSON with sorted keys, so that equal values have equal texts and people can read a database.
enum StoredText {
    /// Why a row cannot be used.
    struct Unreadable: Error {
        /// Part of a sentence; never the whole text, which may be long.
        let reason: String
    }

    /// The text of a value.
    static func of(_ value: some Encodable) throws(StoreError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            throw StoreError(.other, "cannot write a \(type(of: value)) as JSON: \(error)")
        }
    }

    /// The value of a text. Bytes, because SQLite does not check that a text is UTF-8.
    static func read<Value: Decodable>(_ text: [UInt8]) throws(Unreadable) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text))
        } catch let error as DecodingError {
            throw Unreadable(reason: sentence(error))
        } catch {
            throw Unreadable(reason: "\(error)")
        }
    }

    private static func sentence(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): "no \(key.stringValue)" + place(context)
        case .valueNotFound(_, let context): "a missing value" + place(context)
        case .typeMismatch(_, let context): "a value of another type" + place(context)
        case .dataCorrupted(let context): "not readable" + place(context)
        @unknown default: "not readable"
        }
    }

    private static func place(_ context: DecodingError.Context) -> String {
        let path = context.codingPath.map { $0.stringValue }.joined(separator: ".")
        return (path.isEmpty ? "" : " at \(path)") + ": \(context.debugDescription.prefix(200))"
    }
}
