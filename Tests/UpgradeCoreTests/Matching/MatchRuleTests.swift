import Testing
import UpgradeCore
import UpgradeModel

@Suite struct MatchRuleTests {
    struct Part: Decodable {
        let properties: [VectorProperty]?
        let constraints: [String]?

        var part: NodePolicy.Part { NodePolicy.Part(properties: (properties ?? []).map(\.property), constraints: constraints ?? []) }
    }

    struct Node: Decodable {
        let properties: [VectorProperty]?
        let constraints: [String]?
        let management: Part?

        var policy: NodePolicy {
            NodePolicy(top: Part(properties: properties, constraints: constraints).part, management: management?.part ?? NodePolicy.Part())
        }
    }

    struct Policy: Decodable {
        let properties: [VectorProperty]
        let constraints: [String]
        let patterns: [String]
        let enabled: Bool

        var policy: NodeManagementPolicy {
            NodeManagementPolicy(
                id: PolicyID(org: "o", name: "p"), properties: properties.map(\.property), constraints: constraints, patterns: patterns,
                enabled: enabled)
        }
    }

    struct Match: Decodable {
        let id: String
        let nodePolicy: Node?
        let nodePattern: String
        let nmp: Policy
        let expect: Bool
    }

    struct Effective: Decodable {
        let id: String
        let nodePolicy: Node
        let expect: Part
    }

    @Test func recordedMatches() throws {
        let cases = try VectorFile.cases("nmp_match", kind: "match", as: Match.self)
        #expect(cases.count == 23)
        for vector in cases {
            // The cases without a node policy ask the real routine something that the agent never asks it.
            guard vector.nodePolicy != nil else { continue }
            let node = EffectivePolicyRule.effective(vector.nodePolicy?.policy)
            let verdict = MatchRule.verdict(policy: vector.nmp.policy, node: node, nodePattern: vector.nodePattern)
            #expect((verdict == .matches) == vector.expect, "\(vector.id) \(verdict)")
        }
    }

    @Test func recordedEffectivePolicies() throws {
        let cases = try VectorFile.cases("nmp_match", kind: "effective_management_policy", as: Effective.self)
        #expect(cases.count == 4)
        for vector in cases {
            #expect(EffectivePolicyRule.effective(vector.nodePolicy.policy) == vector.expect.part, "\(vector.id)")
        }
    }

    @Test func aNodeWithoutPolicyMatchesPoliciesWithoutConstraints() {
        let node = EffectivePolicyRule.effective(nil)
        let open = NodeManagementPolicy(id: PolicyID(org: "o", name: "p"))
        let demanding = NodeManagementPolicy(id: PolicyID(org: "o", name: "p"), constraints: ["a == b"])
        #expect(MatchRule.verdict(policy: open, node: node, nodePattern: "") == .matches)
        #expect(MatchRule.verdict(policy: demanding, node: node, nodePattern: "") == .doesNotMatch([.policyConstraintUnmet("a == b")]))
    }

    @Test func everyObstacleIsNamed() throws {
        let node = NodePolicy.Part(properties: [Property(name: "env", value: .string("prod"))], constraints: ["owner == me", "x ="])
        let policy = NodeManagementPolicy(
            id: PolicyID(org: "o", name: "p"), properties: [Property(name: "owner", value: .string("you"))],
            constraints: ["env == prod", "env == test", "env in prod"])
        guard case .doesNotMatch(let obstacles) = MatchRule.verdict(policy: policy, node: node, nodePattern: "") else {
            Issue.record("the policy must not match")
            return
        }
        #expect(obstacles.count == 4)
        #expect(obstacles[0] == .nodeConstraintUnmet("owner == me"))
        #expect(obstacles[2] == .policyConstraintUnmet("env == test"))
        #expect(obstacles[1].explanation.contains("character 4"))
        #expect(obstacles[3].explanation.contains("'env in prod', character 8"))
    }

    @Test func patternsDecideAlone() {
        let node = NodePolicy.Part(constraints: ["never == satisfied"])
        func verdict(_ pattern: String, _ listed: [String]) -> MatchVerdict {
            MatchRule.verdict(policy: .init(id: PolicyID(org: "o", name: "p"), patterns: listed), node: node, nodePattern: pattern)
        }
        #expect(verdict("o/p", ["o/p"]) == .matches)
        #expect(verdict("o/p", ["p"]) == .matches)
        #expect(verdict("o/p/q", ["p/q"]) == .matches)
        #expect(verdict("", [""]) == .matches)
        #expect(verdict("p", ["o/p"]) == .doesNotMatch([.patternNotListed(pattern: "p", listed: ["o/p"])]))
        #expect(verdict("", ["o/p"]) == .doesNotMatch([.nodeHasNoPattern(listed: ["o/p"])]))
        #expect(verdict("o/p", []) == .doesNotMatch([.patternNotListed(pattern: "o/p", listed: [])]))
    }

    @Test func invalidManagementPropertiesAreSkipped() {
        let policy = NodePolicy(
            top: .init(properties: [Property(name: "a", value: .string("1"))]),
            management: .init(properties: [Property(name: "a", value: .other), Property(name: "b", value: .number(2))]))
        #expect(
            EffectivePolicyRule.effective(policy).properties == [
                Property(name: "a", value: .string("1")), Property(name: "b", value: .number(2)),
            ])
    }
}
