import UpgradeModel
import UpgradeWire

/// What some properties make of a list of constraints.
enum ConstraintVerdict: Hashable {
    /// All hold.
    case satisfied
    /// These do not hold; all can be read.
    case notSatisfied([String])
    /// At least one cannot be read, so nothing is said about the others.
    case invalid([ConstraintError])

    init(_ texts: [String], _ properties: [Property]) {
        var unmet: [String] = []
        var errors: [ConstraintError] = []
        for text in texts {
            do throws(ConstraintError) {
                if try !Constraint(parsing: text).isSatisfied(by: properties) { unmet.append(text) }
            } catch {
                errors.append(error)
            }
        }
        self = !errors.isEmpty ? .invalid(errors) : unmet.isEmpty ? .satisfied : .notSatisfied(unmet)
    }

    /// The words of the recorded cases.
    var json: JSONValue {
        switch self {
        case .satisfied: "satisfied"
        case .notSatisfied: "not_satisfied"
        case .invalid: "invalid"
        }
    }

    /// One sentence for each constraint that is not satisfied.
    var reasons: [String] {
        switch self {
        case .satisfied: []
        case .notSatisfied(let unmet): unmet.map { "the properties do not satisfy '\($0)'" }
        case .invalid(let errors): errors.map { "\($0.explanation); \($0.remedy)" }
        }
    }
}
