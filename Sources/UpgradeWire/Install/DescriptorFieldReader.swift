import UpgradeModel

/// The members of one object of a descriptor and how to name them in messages.
struct DescriptorFields {
    let path: String
    let members: KeyedDecodingContainer<MemberName>
}

/// One member, read as what it must be: the decoder finds out what a value is by failing at what it is not, and a good document fails nowhere.
struct DescriptorMember {
    let members: KeyedDecodingContainer<MemberName>
    let name: MemberName

    /// `null` is a value, and a wrong one.
    var isPresent: Bool { members.contains(name) }

    var text: String? { value(of: String.self) }

    var number: Double? { value(of: Double.self) }

    /// A number that is whole, however it is written.
    var integer: Int64? { number.flatMap { Int64(exactly: $0) } }

    var fields: DescriptorFields? {
        (try? members.nestedContainer(keyedBy: MemberName.self, forKey: name)).map {
            DescriptorFields(path: name.stringValue + ".", members: $0)
        }
    }

    func value<Value: Decodable>(of type: Value.Type) -> Value? { try? members.decode(type, forKey: name) }
}

/// Reads fields and remembers every mistake on the way.
struct DescriptorFieldReader {
    private(set) var mistakes: [DescriptorError.Mistake] = []

    mutating func add(_ kind: DescriptorError.Mistake.Kind, _ field: String, found: String, expected: String) {
        mistakes.append(.init(kind: kind, field: field, found: found, expected: expected))
    }

    mutating func required<Value>(
        _ fields: DescriptorFields, _ key: String, _ expected: String, _ read: (DescriptorMember) -> Value?
    ) -> Value? {
        guard fields.members.contains(MemberName(stringValue: key)) else {
            add(.missing, fields.path + key, found: "", expected: expected)
            return nil
        }
        return optional(fields, key, expected, read)
    }

    mutating func optional<Value>(
        _ fields: DescriptorFields, _ key: String, _ expected: String, _ read: (DescriptorMember) -> Value?
    ) -> Value? {
        let member = DescriptorMember(members: fields.members, name: MemberName(stringValue: key))
        guard member.isPresent else { return nil }
        if let result = read(member) { return result }
        let found = member.value(of: JSONValue.self).map(Self.shown) ?? "an unreadable value"
        add(.wrongValue, fields.path + key, found: found, expected: expected)
        return nil
    }

    mutating func refuseOthers(_ fields: DescriptorFields, known: [String]) {
        for key in fields.members.allKeys.map(\.stringValue).sorted() where !known.contains(key) {
            let shown = fields.path + VisibleText.escaping(key, max: 80)
            add(.unknownField, shown, found: "", expected: "only " + known.joined(separator: ", "))
        }
    }

    /// A wrong value in words.
    static func shown(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let value): Int64(exactly: value).map { "\($0)" } ?? "\(value)"
        case .string(let text): "\"" + VisibleText.escaping(text, max: 80) + "\""
        case .array(let elements): "a list of \(elements.count)"
        case .object(let members): "an object of \(members.count)"
        }
    }
}
