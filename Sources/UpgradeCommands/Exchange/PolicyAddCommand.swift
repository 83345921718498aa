import ArgumentParser
import UpgradeModel
import UpgradeWire

/// `uplift exchange nmp add`. Source: contract 6.3.
struct PolicyAddCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add or replace a node management policy.",
        discussion: """
            The policy (JSON) says which nodes upgrade (constraints or patterns), when, and by which manifest:
              {"label": "spring", "constraints": ["purpose == kiosk"], "enabled": true,
               "start": "now", "startWindow": 3600, "agentUpgradePolicy": {"manifest": "spring", "allowDowngrade": false}}

            Example:
              uplift exchange nmp add spring -o myorg -f spring.json --applies-to
            """)

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions

    @Option(name: [.customShort("f"), .long], help: ArgumentHelp("The policy; - is standard input.", valueName: "file"))
    var jsonFile: String

    @Flag(help: "Allow a policy without constraints and patterns, which is for all nodes without a pattern.")
    var noConstraints = false

    @Flag(help: "Show the registered nodes that the policy is for.")
    var appliesTo = false

    @Argument(help: "The policy, NAME or ORG/NAME.")
    var name: String

    func run(in world: CommandWorld) throws(CommandError) {
        let access = try ExchangeAccess(root, account, in: world)
        let policy = try access.account.name(name)
        let file = try PolicyFile(jsonFile)
        guard file.namesNodes || noConstraints else {
            throw CommandError(
                .usage,
                "the policy has neither constraints nor patterns, so it would be for all nodes; give --no-constraints if that is meant")
        }
        try checkManifest(file, policy, access)
        let verb = try put(file, policy, access)
        world.say("Node management policy \(policy.shown) \(verb) in the Horizon Exchange")
        if appliesTo {
            let nodes = try Fleet(of: policy.org, hub: access.hub).nodes(for: file.document)
            world.say(JSONText.pretty(.array(nodes.map { .string($0) })))
        }
    }

    private func checkManifest(_ file: PolicyFile, _ policy: QualifiedName, _ access: ExchangeAccess) throws(CommandError) {
        guard let named = file.request.agentUpgradePolicy?.manifest else { return }
        let manifest = try QualifiedName(named, org: policy.org)
        let answer = try access.hub.objects("GET", HubPath.object(manifest.org, ManifestTypeOption.only, manifest.name))
        if answer.status == 404 {
            throw CommandError(
                .usage,
                "An AgentAutoUpgradePolicy was defined with manifest '\(Shown.text(named))' which does not exist in org "
                    + "\(Shown.text(manifest.org)).")
        }
        if answer.status == 403 {
            throw answer.unexpected().adding(
                "The manifest '\(manifest.shown)' does not exist, or these credentials may not see it; policies are written by an admin.")
        }
        try answer.success()
    }

    /// Kept: a POST, and a PUT when the exchange answers that with 403, which is how it says "exists". Source: contract 0, fact 1.
    private func put(_ file: PolicyFile, _ policy: QualifiedName, _ access: ExchangeAccess) throws(CommandError) -> String {
        let path = HubPath.policy(PolicyID(org: policy.org, name: policy.name))
        let body = try JSONText.body(file.request)
        let posted = try access.hub.exchange("POST", path, body)
        if posted.status == 404 {
            throw CommandError(
                .usage, "Cannot create node management policy \(policy.shown): \(posted.words). Does the organization exist?")
        }
        guard posted.status == 403 else {
            try posted.success()
            return "added"
        }
        let replaced = try access.hub.exchange("PUT", path, body)
        if replaced.status == 403 {
            throw replaced.unexpected().adding(
                "Policies are written by an admin of the organization \(Shown.text(policy.org)), or by root.")
        }
        try replaced.success()
        return "updated"
    }
}

extension PolicyFile {
    /// As the exchange will show it, as far as matching looks at it.
    fileprivate var document: NodeManagementPolicyDocument {
        NodeManagementPolicyDocument(
            properties: request.properties ?? [], constraints: request.constraints ?? [], patterns: request.patterns ?? [])
    }
}
