import FoundationEssentials

/// Any JSON value, for places where the wire leaves the kind open: property values, user input, bodies that are checked before
/// they are believed.
///
/// Numbers are `Double`, as in JavaScript: whole numbers are exact up to 2^53.
package enum JSONValue: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number; whole and fractional ones are the same kind.
    case number(Double)
    /// A text.
    case string(String)
    /// A list, order kept.
    case array([JSONValue])
    /// Named members; the order of the text is not kept.
    case object([String: JSONValue])
}

extension JSONValue {
    /// The text of a string value; nil for every other kind.
    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The elements of an array value; nil for every other kind.
    package var array: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members of an object value; nil for every other kind.
    package var object: [String: JSONValue]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// The value of a boolean; nil for every other kind.
    package var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The value of a number that is whole and fits; nil otherwise.
    package var integer: Int64? {
        guard case .number(let value) = self else { return nil }
        return Int64(exactly: value)
    }

    /// The named member of an object; nil when this is no object, the member is absent, or it is `null`.
    package subscript(member name: String) -> JSONValue? {
        guard case .object(let members) = self, let value = members[name], value != .null else { return nil }
        return value
    }
}

extension JSONValue: Codable {
    /// Deepest nesting that is read; nothing of the wire is deeper than a handful.
    package static let depthMax = 64

    /// Reads whatever comes, whole tree. Errors: `dataCorrupted` for a tree that is too deep: each guess that fails costs as much as the
    /// tree is deep, so a deep one would take minutes.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard decoder.codingPath.count <= Self.depthMax else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "nested deeper than \(Self.depthMax)")
        }
        // A guess that fails costs more than one that is right: what is frequent comes first.
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let members = try? decoder.container(keyedBy: MemberName.self) {
            self = try .object(Self.members(members))
        } else if var list = try? decoder.unkeyedContainer() {
            self = try .array(Self.elements(&list))
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else {
            self = .bool(try container.decode(Bool.self))
        }
    }

    /// What is wrong inside is thrown as it is, and read once only; so are the elements.
    private static func members(_ container: KeyedDecodingContainer<MemberName>) throws -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        for name in container.allKeys { members[name.stringValue] = try container.decode(JSONValue.self, forKey: name) }
        return members
    }

    private static func elements(_ list: inout any UnkeyedDecodingContainer) throws -> [JSONValue] {
        var elements: [JSONValue] = []
        while !list.isAtEnd { elements.append(try list.decode(JSONValue.self)) }
        return elements
    }

    /// Writes the value as itself, without a wrapper.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// A text literal.
    package init(stringLiteral value: String) { self = .string(value) }
    /// `true` or `false`.
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A fractional literal.
    package init(floatLiteral value: Double) { self = .number(value) }
    /// A whole literal.
    package init(integerLiteral value: Int64) { self = .number(Double(value)) }
    /// A list literal.
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object literal; the last of two equal names wins.
    package init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(Dictionary(elements) { _, last in last }) }
    /// `null`.
    package init(nilLiteral: ()) { self = .null }
}

/// Any name of an object's member.
struct MemberName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
