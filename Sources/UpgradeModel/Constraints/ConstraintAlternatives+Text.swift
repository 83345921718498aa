extension ConstraintAlternatives {
    /// The alternatives in one spelling, which reads as the same ones; empty ones stay, because they count.
    var text: String {
        finished.map { conditions in
            conditions.map { condition in
                switch condition {
                case .comparison(let comparison): comparison.text
                case .group(let group): "(\(group.text))"
                }
            }.joined(separator: " && ")
        }.joined(separator: " || ")
    }
}

extension ConstraintComparison {
    /// The comparison in one spelling, which reads as the same one.
    var text: String {
        // A blank that is no blank to the lexer protects an operand that would be cut or refused without it; and without a blank before
        // the operator stand `  AND` as a name, and an `in` with an operand that it does not take otherwise.
        let usual = "\(name) \(sign.text) \(operand)"
        let others = ["\(name) \(sign.text) \u{A0}\(operand)", "\(name)\(sign.text) \(operand)", "\(name)\(sign.text) \u{A0}\(operand)"]
        return ([usual] + others).first(where: reads) ?? usual
    }

    private func reads(_ text: String) -> Bool {
        var reader = ConstraintReader(text)
        do throws(ConstraintError) {
            return try reader.nextComparison() == self && reader.isAtEnd
        } catch {
            return false
        }
    }
}

extension ConstraintComparison.Operator {
    fileprivate var text: String {
        switch self {
        case .equal: "=="
        case .notEqual: "!="
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        case .backwards: "=<"
        case .isIn: "in"
        }
    }
}
