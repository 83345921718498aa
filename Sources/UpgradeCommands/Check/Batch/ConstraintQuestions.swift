import UpgradeModel
import UpgradeWire

/// `constraint_satisfied`: `satisfied`, `not_satisfied` or `invalid`.
struct SatisfactionQuestion: BatchQuestion {
    let constraints: Nullable<[String]>
    let properties: Nullable<[PropertyDocument]>

    var answer: BatchAnswer {
        .value(ConstraintVerdict(constraints.value ?? [], (properties.value ?? []).map(\.asProperty)).json)
    }

    /// What the check says that is made when a policy is saved.
    var details: [String: JSONValue] { ["validateAccepts": .bool(SyntaxQuestion.accepts(constraints.value ?? []))] }
}

/// `constraint_validate`: `valid` or `invalid`.
struct SyntaxQuestion: BatchQuestion {
    let constraints: Nullable<[String]>

    var answer: BatchAnswer { .value(Self.accepts(constraints.value ?? []) ? "valid" : "invalid") }

    static func accepts(_ constraints: [String]) -> Bool {
        constraints.allSatisfy { text in
            do throws(ConstraintError) {
                try Constraint.checkSyntax(text)
                return true
            } catch {
                return false
            }
        }
    }
}

/// `property_list_validate`: `valid` or `invalid`.
struct PropertiesQuestion: BatchQuestion {
    let properties: Nullable<[PropertyDocument]>

    var answer: BatchAnswer {
        .value(Property.problems(in: (properties.value ?? []).map(\.asProperty)).isEmpty ? "valid" : "invalid")
    }

    /// The list as it is written again: a type that was not declared is left out.
    var details: [String: JSONValue] { ["after": .properties(properties.value)] }
}

extension JSONValue {
    /// A list of properties; `null` when there is none.
    static func properties(_ properties: [PropertyDocument]?) -> JSONValue {
        guard let properties else { return .null }
        return .array(
            properties.map { property in
                var members: [String: JSONValue] = ["name": .string(property.name), "value": property.value]
                if let type = property.type { members["type"] = .string(type) }
                return .object(members)
            })
    }

    /// A list of texts; `null` when there is none.
    static func texts(_ texts: [String]?) -> JSONValue {
        texts.map { .array($0.map { .string($0) }) } ?? .null
    }
}
