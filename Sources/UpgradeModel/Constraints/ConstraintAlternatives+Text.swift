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
        let usual = "\(name) \(sign.text) \(operand)"
        return reads(usual) ? usual : unusual.first(where: reads) ?? usual
    }

    /// What quirks of the language leave: without a blank before the operator stand `  AND` as a name, and an `in` with an operand that it
    /// does not take otherwise; with two of them stands the name `!`; and a blank that is no blank to the lexer protects an operand that would
    /// be cut or refused without it.
    private var unusual: [String] {
        [" ", "", "  "].flatMap { gap in ["", "\u{A0}"].map { "\(name)\(gap)\(sign.text) \($0)\(operand)" } }
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
