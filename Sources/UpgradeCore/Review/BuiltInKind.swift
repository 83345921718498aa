import UpgradeModel

/// What kind of value a built-in property of a node always has. Source: contract 4.4.
package enum BuiltInKind: Hashable, CaseIterable, Sendable {
    /// A number.
    case number
    /// `true` or `false`.
    case bool
    /// A text.
    case text

    /// The kind of the property of that name; nil when users may set it, or it is not built in.
    package init?(ofProperty name: String) {
        switch name {
        case "openhorizon.cpu", "openhorizon.memory": self = .number
        case "openhorizon.containerized", "openhorizon.kubernetesNamespaceScoped": self = .bool
        case "openhorizon.arch", "openhorizon.hardwareId", "openhorizon.operatingSystem", "openhorizon.kubernetesVersion",
            "openhorizon.kubernetesNamespace":
            self = .text
        default: return nil
        }
    }

    /// Whether a comparison with the operand can hold for some value of this kind.
    func canHold(sign: String, operand: ConstraintOutline.Piece) -> Bool {
        switch self {
        case .number: operand.spellsNumber
        case .bool: ["=", "==", "!="].contains(sign) && operand.spellsBool
        case .text: ["=", "==", "!=", "in"].contains(sign)
        }
    }

    /// For a sentence.
    var words: String {
        switch self {
        case .number: "a number, which is compared with plain numbers only"
        case .bool: "a boolean, which is compared by == and != with true and false only"
        case .text: "a text, which has no order"
        }
    }

    /// What to write instead.
    var remedy: String {
        switch self {
        case .number: "write a number without quotes"
        case .bool: "write == true or == false, without quotes"
        case .text: "use ==, != or in"
        }
    }
}
