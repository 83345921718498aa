import UpgradeModel
import UpgradeWire

extension PropertyValue {
    /// The value as rules read it.
    init(_ value: JSONValue) {
        switch value {
        case .bool(let flag): self = .bool(flag)
        case .number(let number): self = .number(number)
        case .string(let text): self = .string(text)
        case .null, .array, .object: self = .other
        }
    }
}

extension PropertyDocument {
    /// The property as rules read it.
    var asProperty: Property { Property(name: name, value: PropertyValue(value), type: type) }
}
