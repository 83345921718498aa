import Testing
import UpgradeCore
import UpgradeModel

@Suite struct MatchRuleTests {
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

    @Test func aNodeWhosePolicyNobodyKnowsMatchesByPatternAlone() {
        let policy = NodeManagementPolicy(id: PolicyID(org: "o", name: "p"))
        #expect(MatchRule.verdict(policy: policy, node: nil, nodePattern: "") == .doesNotMatch([.nodePolicyUnknown]))
        let listing = NodeManagementPolicy(id: PolicyID(org: "o", name: "p"), patterns: ["p"])
        #expect(MatchRule.verdict(policy: listing, node: nil, nodePattern: "o/p") == .matches)
        #expect(MatchObstacle.nodePolicyUnknown.explanation == "the policy of the node is not known")
    }

    @Test func patternsAreComparedByteByByte() {
        let node = NodePolicy.Part()
        let composed = NodeManagementPolicy(id: PolicyID(org: "o", name: "p"), patterns: ["caf\u{E9}"])
        #expect(MatchRule.verdict(policy: composed, node: node, nodePattern: "caf\u{E9}") == .matches)
        #expect(MatchRule.verdict(policy: composed, node: node, nodePattern: "cafe\u{301}") != .matches)
        #expect(MatchRule.verdict(policy: composed, node: node, nodePattern: "o/cafe\u{301}") != .matches)
    }

    @Test func whatWasAskedIsSaid() {
        let id = PolicyID(org: "o", name: "p")
        let node = NodePolicy.Part(constraints: ["c == d"])
        #expect(
            MatchRule.grounds(policy: .init(id: id, constraints: ["a == b"]), node: node, nodePattern: "") == [
                "the node demands 'c == d', which the properties of the policy satisfy",
                "the policy demands 'a == b', which the properties of the node satisfy",
            ])
        #expect(
            MatchRule.grounds(policy: .init(id: id), node: .init(), nodePattern: "") == [
                "neither the policy nor the node demands anything"
            ])
        #expect(
            MatchRule.grounds(policy: .init(id: id, patterns: ["q"]), node: node, nodePattern: "o/q") == [
                "the policy lists the pattern 'o/q' of the node; constraints are not looked at"
            ])
    }

    @Test func invalidManagementPropertiesAreSkipped() {
        let general = [Property(name: "a", value: .string("1"))]
        let own = [Property(name: "a", value: .other), Property(name: "b", value: .number(2))]
        let policy = NodePolicy(top: .init(properties: general), management: .init(properties: own))
        #expect(EffectivePolicyRule.effective(policy).properties == [general[0], own[1]])
        // An empty list is a list; where there is none, nothing is looked at.
        #expect(EffectivePolicyRule.effective(NodePolicy(management: .init(properties: own))).properties == [own[1]])
        #expect(EffectivePolicyRule.properties(nil, overriddenBy: own) { $0 } == own)
        #expect(EffectivePolicyRule.properties(nil, overriddenBy: []) { (property: Property) in property } == nil)
        #expect(EffectivePolicyRule.properties(general, overriddenBy: nil) { $0 } == general)
    }
}
