import UpgradeModel
import UpgradeWire

/// `is_version`: true or false.
struct VersionQuestion: BatchQuestion {
    let version: String

    var answer: BatchAnswer { .value(.bool(Version(version) != nil)) }
}

/// `is_property_version`: true or false.
struct PropertyVersionQuestion: BatchQuestion {
    let version: String

    var answer: BatchAnswer { .value(.bool(Version.isPropertyVersion(version))) }
}

/// `is_version_expression`: true or false.
struct RangeLookQuestion: BatchQuestion {
    let expression: String

    var answer: BatchAnswer { .value(.bool(VersionRange.resemblesRange(expression))) }
}

/// `parse_range`: `ok` or `error`.
struct RangeQuestion: BatchQuestion {
    let expression: String

    var answer: BatchAnswer { VersionRange(expression) == nil ? .failure("error") : .value("ok") }

    var details: [String: JSONValue] { VersionRange(expression).map { ["normalized": .string($0.description)] } ?? [:] }
}

/// `in_range`: true, false or `error`.
struct ContainmentQuestion: BatchQuestion {
    let range: String
    let version: String

    var answer: BatchAnswer {
        guard let range = VersionRange(range), let version = Version(version) else { return .failure("error") }
        return .value(.bool(range.contains(version)))
    }
}

/// `compare`: -1, 0, 1 or `error`.
struct OrderQuestion: BatchQuestion {
    let a: String
    let b: String

    var answer: BatchAnswer { VersionOrder.order(a, b).map { .value($0) } ?? .failure("error") }
}
