/// Why a property is not acceptable.
///
/// Source: contract 4.4, the check made by the agent and by the command line (the exchange makes less of one).
package enum PropertyProblem: Error, Hashable, Sendable {
    /// The name is empty.
    case nameMissing
    /// The value is null or of a kind that no property has.
    case valueMissing(name: String)
    /// The declared type is none.
    case typeUnknown(name: String, type: String)
    /// The value is of another kind than declared.
    case typeMismatch(name: String, found: String, expected: String)
    /// Declared `int`, with a fraction.
    case notAWholeNumber(name: String, value: Double)
    /// Declared `version`, and cannot be read as one.
    case notAVersion(name: String, value: String)

    /// One sentence for people.
    package var explanation: String {
        switch self {
        case .nameMissing:
            "a property has no name"
        case .valueMissing(let name):
            "property '\(name)' has no usable value; expected a string, a number or a boolean"
        case .typeUnknown(let name, let type):
            "property '\(name)' declares the type '\(type)'; expected one of \(Self.typeWords)"
        case .typeMismatch(let name, let found, let expected):
            "property '\(name)' holds a \(found) but declares '\(expected)'"
        case .notAWholeNumber(let name, let value):
            "property '\(name)' declares 'int' but holds \(value)"
        case .notAVersion(let name, let value):
            "property '\(name)' declares 'version' but holds '\(value)'; expected one to three dotted numbers without leading zeros"
        }
    }

    /// What to do about it.
    package var remedy: String {
        switch self {
        case .nameMissing: "give the property a name or remove it"
        case .valueMissing: "give the property a value or remove it"
        case .typeUnknown, .typeMismatch: "correct the type, or leave it out"
        case .notAWholeNumber, .notAVersion: "correct the value, or declare another type"
        }
    }

    private static var typeWords: String {
        PropertyType.allCases.map(\.rawValue).filter { !$0.isEmpty }.joined(separator: ", ")
    }
}

extension Property {
    /// What is wrong with this property; nil when it is acceptable.
    package var problem: PropertyProblem? {
        guard !name.isEmpty else { return .nameMissing }
        if case .other = value { return .valueMissing(name: name) }
        guard let declaredType else { return .typeUnknown(name: name, type: type ?? "") }
        switch (value, declaredType) {
        case (_, .undeclared), (.bool, .boolean), (.number, .float), (.string, .string), (.string, .listOfStrings):
            return nil
        case (.number(let number), .int):
            return Int64(exactly: number) == nil ? .notAWholeNumber(name: name, value: number) : nil
        case (.string(let text), .version):
            return Version.isPropertyVersion(text) ? nil : .notAVersion(name: name, value: text)
        case (.bool, _):
            return .typeMismatch(name: name, found: "boolean", expected: declaredType.rawValue)
        case (.number, _):
            return .typeMismatch(name: name, found: "number", expected: declaredType.rawValue)
        case (.string, _), (.other, _):
            return .typeMismatch(name: name, found: "string", expected: declaredType.rawValue)
        }
    }

    /// What is wrong with each unacceptable property of a list, in the order of the list.
    package static func problems(in properties: [Property]) -> [PropertyProblem] {
        properties.compactMap(\.problem)
    }
}
