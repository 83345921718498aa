import ArgumentParser
import UpgradeCore
import UpgradeModel
import UpgradeWire

/// `uplift check match`.
struct CheckMatchCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "match", abstract: "Whether a node management policy is for a node.",
        discussion: """
            Prints {"compatible": true, "reasons": […]}; the reasons say what was asked, or everything that stands in the way. As soon as
            the node has a pattern or the policy lists some, patterns alone decide. Whether the policy is enabled is not asked.
            Exit codes: 0 it is for the node, 1 it is not.

            Examples:
              uplift check match --nmp spring.json --node-policy node-policy.json
              uplift check match --nmp spring.json --node-policy node-policy.json --node-pattern myorg/kiosk
            """)

    @OptionGroup var root: RootOption

    @Option(help: ArgumentHelp("The management policy (JSON); - is standard input.", valueName: "file"))
    var nmp: String

    @Option(help: ArgumentHelp("The policy of the node (JSON); {} for a node that has none.", valueName: "file"))
    var nodePolicy: String

    @Option(help: ArgumentHelp("The pattern that the node is registered with.", valueName: "org/pattern"))
    var nodePattern: String = ""

    func run(in world: CommandWorld) throws(CommandError) {
        let policy = try JSONText.read(
            NodeManagementPolicyDocument.self, try UserFile.document(nmp), subject: "node management policy \(Shown.text(nmp))"
        ).asMatchedPolicy
        let document = try JSONText.read(
            NodePolicyDocument.self, try UserFile.document(nodePolicy), subject: "node policy \(Shown.text(nodePolicy))")
        let node = EffectivePolicyRule.effective(document.asPolicy)
        let reasons: [String]
        let verdict = MatchRule.verdict(policy: policy, node: node, nodePattern: nodePattern)
        switch verdict {
        case .matches: reasons = MatchRule.grounds(policy: policy, node: node, nodePattern: nodePattern)
        case .doesNotMatch(let obstacles): reasons = obstacles.map(\.explanation)
        }
        let answer: JSONValue = ["compatible": .bool(verdict == .matches), "reasons": .array(reasons.map { .string($0) })]
        try world.answer(answer, isYes: verdict == .matches, because: reasons)
    }
}

extension NodeManagementPolicyDocument {
    /// What matching looks at.
    fileprivate var asMatchedPolicy: NodeManagementPolicy {
        NodeManagementPolicy(
            id: PolicyID(org: "", name: ""), properties: properties.map(\.asProperty), constraints: constraints, patterns: patterns)
    }
}

extension NodePolicyDocument {
    /// What matching looks at.
    fileprivate var asPolicy: NodePolicy {
        NodePolicy(
            top: NodePolicy.Part(properties: properties.map(\.asProperty), constraints: constraints),
            management: NodePolicy.Part(properties: management.properties.map(\.asProperty), constraints: management.constraints))
    }
}
