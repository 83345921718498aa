import Glibc
import UpgradeCore
import UpgradeModel
import UpgradeWire

/// Properties and constraints; what is absent or `null` stays apart from an empty list.
struct PartCase: Decodable, Sendable {
    let properties: [PropertyDocument]?
    let constraints: [String]?
}

/// The policy of a node.
struct NodePolicyCase: Decodable, Sendable {
    let properties: [PropertyDocument]?
    let constraints: [String]?
    let management: PartCase?

    /// The properties that count for upgrades.
    var effectiveProperties: [PropertyDocument]? {
        EffectivePolicyRule.properties(properties, overriddenBy: management?.properties, as: \.asProperty)
    }

    /// The constraints that count for upgrades.
    var effectiveConstraints: [String]? {
        EffectivePolicyRule.constraints(constraints, overriddenBy: management?.constraints)
    }
}

/// `match`: true or false.
struct MatchQuestion: BatchQuestion {
    struct Policy: Decodable, Sendable {
        let properties: [PropertyDocument]?
        let constraints: [String]?
        let patterns: [String]?
    }

    let nmp: Policy
    let nodePolicy: Nullable<NodePolicyCase>
    let nodePattern: String

    var answer: BatchAnswer {
        let policy = NodeManagementPolicy(
            id: PolicyID(org: "", name: ""), properties: (nmp.properties ?? []).map(\.asProperty), constraints: nmp.constraints ?? [],
            patterns: nmp.patterns ?? [])
        let node = nodePolicy.value.map { node in
            NodePolicy.Part(
                properties: (node.effectiveProperties ?? []).map(\.asProperty), constraints: node.effectiveConstraints ?? [])
        }
        return .value(.bool(MatchRule.verdict(policy: policy, node: node, nodePattern: nodePattern) == .matches))
    }
}

/// `effective_management_policy`: the properties and constraints that count.
struct EffectivePolicyQuestion: BatchQuestion {
    let nodePolicy: Nullable<NodePolicyCase>

    var answer: BatchAnswer {
        .value([
            "properties": .properties(nodePolicy.value?.effectiveProperties),
            "constraints": .texts(nodePolicy.value?.effectiveConstraints),
        ])
    }
}

/// `pick_next`: the names in the order in which they are started, and an empty one when nothing is due any more.
struct PickQuestion: BatchQuestion {
    static let answerKey = "expectOrder"

    /// Units: seconds since 1970.
    let scheduledUnix: [String: Int64]
    /// When it is asked; without it, now. Units: as above.
    let nowUnix: Int64?

    var answer: BatchAnswer {
        let now = UTCInstant(secondsSinceEpoch: nowUnix ?? Int64(time(nil)))
        var waiting = scheduledUnix
        var order: [String] = []
        while let next = SelectionRule.next(among: waiting.map(Self.candidate), now: now) {
            order.append(next)
            waiting[next] = nil
        }
        return .value(.texts(order + [""]))
    }

    private static func candidate(_ name: String, _ scheduled: Int64) -> SelectionRule.Candidate<String> {
        SelectionRule.Candidate(id: name, scheduled: UTCInstant(secondsSinceEpoch: scheduled))
    }
}
