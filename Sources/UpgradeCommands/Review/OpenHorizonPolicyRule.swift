import UpgradeCore
import UpgradeModel
import UpgradeWire

/// Whether `hzn` takes a management policy: how it reads the document, and its check afterwards. Source: contract 6.3, 4.4.
///
/// Kept, because a policy team compares the two: it is more lenient than our own review. Unknown keys are skipped, capitals of keys do
/// not matter, constraints and patterns may stand together, and quirks go unnoticed.
enum OpenHorizonPolicyRule {
    /// True when it does.
    static func isValid(_ policy: JSONValue) -> Bool {
        guard fits(policy, shape) else { return false }
        let start = member("start", of: policy)?.string ?? ""
        guard start == ScheduleRule.nowWord || OpenHorizonTimeRule.reads(start) else { return false }
        let properties = (member("properties", of: policy)?.array ?? []).map { property in
            Property(
                name: member("name", of: property)?.string ?? "", value: PropertyValue(member("value", of: property) ?? .null),
                type: member("type", of: property)?.string)
        }
        guard Property.problems(in: properties).isEmpty, privilegeIsBoolean(properties) else { return false }
        let constraints = (member("constraints", of: policy)?.array ?? []).map { $0.string ?? "" }
        return constraints.allSatisfy { (try? Constraint.checkSyntax($0)) != nil }
    }

    /// Whether a list of texts holds one that is not blank.
    static func namesAny(_ list: String, in policy: JSONValue) -> Bool {
        (member(list, of: policy)?.array ?? []).contains { $0.string.map { !$0.allSatisfy(\.isWhitespace) } ?? false }
    }

    /// Kept: the texts `true` and `false` count for this one property.
    private static func privilegeIsBoolean(_ properties: [Property]) -> Bool {
        switch properties.first(where: { $0.name == BuiltInPropertiesRule.allowPrivileged })?.value {
        case .bool, .string("true"), .string("false"), nil: true
        case .string, .number, .other: false
        }
    }

    /// What a value may be; null is always taken, and leaves the field as it was.
    private indirect enum Shape: Sendable {
        case anything, text, flag, whole, natural
        case list(Shape)
        case record([String: Shape])
    }

    private static let shape = Shape.record([
        "owner": .text, "label": .text, "description": .text, "start": .text, "lastupdated": .text, "created": .text, "enabled": .flag,
        "startwindow": .whole, "constraints": .list(.text), "patterns": .list(.text),
        "properties": .list(.record(["name": .text, "type": .text, "value": .anything])),
        "agentupgradepolicy": .record(["manifest": .text, "allowdowngrade": .flag]),
        "agentimagepolicy": .record([
            "imageremovalpolicies": .list(.record(["imageid": .text, "deleteafterminutes": .natural, "agentdownloadedonly": .flag]))
        ]),
    ])

    private static func fits(_ value: JSONValue, _ shape: Shape) -> Bool {
        switch (shape, value) {
        case (_, .null), (.anything, _), (.text, .string), (.flag, .bool): true
        case (.whole, .number): value.integer != nil
        case (.natural, .number): (value.integer ?? -1) >= 0
        case (.list(let element), .array(let elements)): elements.allSatisfy { fits($0, element) }
        case (.record(let fields), .object(let members)):
            members.allSatisfy { key, member in fields[key.lowercased()].map { fits(member, $0) } ?? true }
        case (.text, _), (.flag, _), (.whole, _), (.natural, _), (.list, _), (.record, _): false
        }
    }

    /// The member of that name, whatever its capitals; the exact name first.
    private static func member(_ name: String, of value: JSONValue) -> JSONValue? {
        value[member: name] ?? value.object?.first { $0.key.lowercased() == name }?.value
    }
}
