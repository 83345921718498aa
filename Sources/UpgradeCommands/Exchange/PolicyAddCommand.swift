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

            Mistakes are named all at once, with their fields. Refused too are forms that nodes take, and that mean something else
            than they seem to: a == x || (always true), a!=b (a property called a!), [1.0.0,2.0.0) (holds 2.0.0-rc1).

            Examples:
              uplift exchange nmp add spring -o myorg -f spring.json --applies-to
              uplift exchange nmp add spring -o myorg -f spring.json --dry-run --applies-to --explain
            """)

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions
    @OptionGroup var quirks: QuirkOption

    @Option(name: [.customShort("f"), .long], help: ArgumentHelp("The policy; - is standard input.", valueName: "file"))
    var jsonFile: String

    @Flag(help: "Allow a policy without constraints and patterns, which is for all nodes without a pattern.")
    var noConstraints = false

    @Flag(help: "Show the registered nodes that the policy is for.")
    var appliesTo = false

    @Flag(help: "With --applies-to: group all nodes by what the policy will do there, and why.")
    var explain = false

    @Flag(help: "With --explain: JSON instead of a table.")
    var json = false

    @Flag(help: "Check and preview only: nothing at the Management Hub is changed.")
    var dryRun = false

    @Argument(help: "The policy, NAME or ORG/NAME.")
    var name: String

    func run(in world: CommandWorld) throws(CommandError) {
        guard appliesTo || !explain, explain || !json else {
            throw CommandError(.usage, "--explain goes with --applies-to, and --json with --explain")
        }
        let access = try ExchangeAccess(root, account, in: world)
        let policy = try access.account.name(name)
        let file = try PolicyFile(jsonFile, isForAll: noConstraints, quirks, in: world)
        try checkManifest(file, policy, access)
        if dryRun {
            world.note("--dry-run: the policy \(policy.shown) was checked, and not sent")
        } else {
            let verb = try put(file, policy, access)
            world.say("Node management policy \(policy.shown) \(verb) in the Horizon Exchange")
        }
        if appliesTo { world.say(try preview(file, policy, access)) }
    }

    private func preview(_ file: PolicyFile, _ policy: QualifiedName, _ access: ExchangeAccess) throws(CommandError) -> String {
        let fleet = try Fleet(of: policy.org, hub: access.hub)
        guard explain else { return JSONText.pretty(.array(fleet.nodes(for: file.document).map { .string($0) })) }
        let preview = try PolicyPreview(of: file, named: policy, fleet: fleet, hub: access.hub)
        return json ? JSONText.pretty(preview.json) : preview.table
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
    var document: NodeManagementPolicyDocument {
        NodeManagementPolicyDocument(
            properties: request.properties ?? [], constraints: request.constraints ?? [], patterns: request.patterns ?? [])
    }
}
