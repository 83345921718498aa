import ExchangeModel
import Testing
import UpgradeWire

/// Nodes, policies and statuses before they are stored.
@Suite struct ResourceRuleTests {
    private let owner = Caller(org: "o", id: "u", role: .user)

    private func refusal(_ body: () throws -> Void) -> Refusal? {
        do { try body() } catch { return error as? Refusal }
        return nil
    }

    @Test func aNewNodeMayComeWithATokenAlone() throws {
        try NodeRule.check(.init(token: "t", name: "n"), stored: nil, id: "n", caller: owner)
        #expect(refusal { try NodeRule.check(.init(token: "t"), stored: nil, id: "n", caller: owner) }?.status == 400)
    }

    @Test func anOwnerGivesAllThreeOrNone() throws {
        let stored = NodeDocument()
        try NodeRule.check(.init(name: "n"), stored: stored, id: "n", caller: owner)
        try NodeRule.check(.init(token: "t", name: "n", pattern: "", publicKey: ""), stored: stored, id: "n", caller: owner)
        #expect(refusal { try NodeRule.check(.init(token: "t", name: "n"), stored: stored, id: "n", caller: owner) }?.status == 400)
        let node = Caller(org: "o", id: "n", role: .node)
        try NodeRule.check(.init(token: "t", name: "n"), stored: stored, id: "n", caller: node)
    }

    @Test func patternsAndTypesAreChecked() {
        #expect(refusal { try NodeRule.check(.init(name: "n", pattern: "bare"), stored: nil, id: "n", caller: .root) }?.status == 400)
        #expect(refusal { try NodeRule.check(.init(name: "n", nodeType: "toaster"), stored: nil, id: "n", caller: .root) }?.status == 400)
    }

    @Test func aPutKeepsPatternKeyOwnerAndGroup() {
        let stored = NodeDocument(owner: "o/u", pattern: "o/p", publicKey: "k", haGroup: "g")
        let node = NodeRule.replaced(by: .init(name: "n"), stored: stored, owner: "o/boss", now: "t")
        #expect(node.owner == "o/u")
        #expect(node.pattern == "o/p")
        #expect(node.publicKey == "k")
        #expect(node.haGroup == "g")
        #expect(node.softwareVersions == .init())
    }

    @Test func aManagementPolicyHasDefaults() {
        let policy = ManagementPolicyRule.stored(.init(label: "l", startWindow: -5), owner: "o/u", now: "t")
        #expect(policy.description == "l")
        #expect(policy.start == "now")
        #expect(policy.startWindow == 0)
        #expect(policy.enabled == false)
        #expect(policy.agentUpgradePolicy == .init(manifest: "", allowDowngrade: false))
        #expect(policy.owner == "o/u" && policy.created == "t" && policy.lastUpdated == "t")
        #expect(refusal { try ManagementPolicyRule.check(.init()) }?.status == 400)
        #expect(refusal { try ManagementPolicyRule.check(.init(label: "l", constraints: [], patterns: [])) }?.status == 400)
    }

    @Test func aStatusNeedsItsScheduledTime() throws {
        #expect(refusal { try ManagementStatusRule.check([:]) }?.status == 400)
        #expect(refusal { try ManagementStatusRule.check(["agentUpgradePolicyStatus": ["status": "waiting"]]) }?.status == 400)
        try ManagementStatusRule.check(["agentUpgradePolicyStatus": ["scheduledTime": ""]])
    }

    @Test func aNodePolicyKnowsSixTypes() throws {
        for type in ["string", "int", "float", "boolean", "list of strings", "version"] {
            try NodePolicyRule.check(.init(properties: [.init(name: "a", type: type, value: 1)]))
        }
        let wrong = NodePolicyDocument(management: .init(properties: [.init(name: "a", type: "number", value: 1)]))
        #expect(refusal { try NodePolicyRule.check(wrong) }?.message.contains("'number'") == true)
    }

    @Test func nodeFilters() {
        let node = NodeDocument(name: "label", owner: "o/u", arch: "arm64")
        #expect(NodeFilterRule.matches(node, name: "o/n1", query: ["idfilter": "%n1", "arch": "arm%", "other": "x"]))
        #expect(!NodeFilterRule.matches(node, name: "o/n1", query: ["owner": "o/x"]))
        #expect(!NodeFilterRule.matches(node, name: "o/n1", query: ["isNamespaceScoped": "true"]))
        #expect(refusal { try NodeFilterRule.check(["nodetype": "x"]) }?.status == 400)
    }
}
