/// `name operator operand`, the smallest unit of a constraint.
struct ConstraintComparison: Hashable, Sendable {
    enum Operator: Hashable, Sendable {
        case equal
        case notEqual
        case less
        case lessOrEqual
        case greater
        case greaterOrEqual
        /// `=<` and `=>`. Kept: the real agent accepts them like an order, and then compares numbers for equality.
        case backwards
        case isIn

        /// Nil never happens for an operator that the lexer read.
        init?(_ sign: String) {
            switch sign {
            case "=", "==": self = .equal
            case "!=": self = .notEqual
            case "<": self = .less
            case "<=": self = .lessOrEqual
            case ">": self = .greater
            case ">=": self = .greaterOrEqual
            case "=<", "=>", "=<=", "=>=": self = .backwards
            case "in": self = .isIn
            default: return nil
            }
        }
    }

    var name: String
    var sign: Operator
    /// Without blanks around it, but with its quotes.
    var operand: String

    /// Whether the first property of that name satisfies the comparison; a name that is not there never does.
    func isSatisfied(by properties: [Property]) -> Bool {
        // Most names differ in length already, and comparing lengths is much cheaper than comparing bytes one by one.
        for property in properties where property.name.utf8.count == name.utf8.count && property.name.utf8.elementsEqual(name.utf8) {
            // Values that no rule knows do not decide: the next property of the same name may.
            if let result = result(for: property) { return result }
        }
        return false
    }

    private func result(for property: Property) -> Bool? {
        switch property.value {
        case .number(let number): result(number: number)
        case .bool(let bool): result(bool: bool)
        case .string(let text): result(text: text, type: property.declaredType)
        case .other: nil
        }
    }

    private func result(number: Double) -> Bool {
        guard let operand = NumberText.number(operand) else { return false }
        switch sign {
        case .less: return number < operand
        case .lessOrEqual: return number <= operand
        case .greater: return number > operand
        case .greaterOrEqual: return number >= operand
        case .notEqual: return number != operand
        case .equal, .backwards, .isIn: return number == operand
        }
    }

    private func result(bool: Bool) -> Bool? {
        guard let operand = NumberText.bool(operand) else { return false }
        switch sign {
        case .equal: return bool == operand
        case .notEqual: return bool != operand
        case .isIn: return nil
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .backwards: return false
        }
    }

    private func result(text: String, type: PropertyType?) -> Bool {
        let value = ListText.trimmed(ListText.unquoted(text))
        let operand = ListText.trimmed(ListText.unquoted(operand))
        switch sign {
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .backwards:
            return false
        case .notEqual:
            return type == .listOfStrings ? !ListText.contains(operand, in: value) : !operand.utf8.elementsEqual(value.utf8)
        case .equal:
            return operand.utf8.elementsEqual(value.utf8) || ListText.contains(operand, in: value)
        case .isIn:
            return isIn(value: value, operand: operand, type: type)
        }
    }

    private func isIn(value: String, operand: String, type: PropertyType?) -> Bool {
        if type == .version || (Version(value) != nil && VersionRange.resemblesRange(operand)) {
            guard let range = VersionRange(operand), let version = Version(value) else { return false }
            return range.contains(version)
        }
        return type == .listOfStrings ? ListText.sharesElement(value, operand) : ListText.contains(value, in: operand)
    }
}
