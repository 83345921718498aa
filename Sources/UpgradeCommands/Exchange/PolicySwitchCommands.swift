import ArgumentParser
import UpgradeModel
import UpgradeWire

/// `uplift exchange nmp enable`. Source: contract 6.3; changed, because of contract 6.7: the name is needed and its own organization
/// counts.
struct PolicyEnableCommand: LeafCommand {
    static let configuration = CommandConfiguration(commandName: "enable", abstract: "Enable a policy, and set when it starts.")

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("now, or an RFC 3339 time.", valueName: "time"))
    var startTime: String?

    @Option(name: [.customShort("w"), .long], help: ArgumentHelp("Seconds over which the nodes spread their starts.", valueName: "seconds"))
    var startWindow: Int64?

    @Argument(help: "The policy, NAME or ORG/NAME.")
    var name: String

    func run(in world: CommandWorld) throws(CommandError) {
        if let startTime {
            var shape = ShapeCheck()
            PolicyFile.checkStart(startTime, &shape)
            try shape.refuse("Incorrect start time")
        }
        let access = try ExchangeAccess(root, account, in: world)
        let isPlain = startTime == nil && startWindow == nil
        let done = try PolicySwitch(access: access, name: try access.account.name(name)).turn(on: true, even: !isPlain) { request in
            if let startTime { request.start = startTime }
            if let startWindow { request.startWindow = startWindow }
        }
        world.say(done)
    }
}

/// `uplift exchange nmp disable`. Source: contract 6.3; changed as `enable`.
struct PolicyDisableCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Disable a policy: nodes drop what they have not begun to install.")

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions

    @Argument(help: "The policy, NAME or ORG/NAME.")
    var name: String

    func run(in world: CommandWorld) throws(CommandError) {
        let access = try ExchangeAccess(root, account, in: world)
        world.say(try PolicySwitch(access: access, name: try access.account.name(name)).turn(on: false, even: false) { _ in })
    }
}

/// Reads a policy, changes it and writes it back.
private struct PolicySwitch {
    let access: ExchangeAccess
    let name: QualifiedName

    /// - Parameter even: writes also when nothing is to be switched.
    /// - Returns: what was done, in the words of contract 6.3.
    func turn(
        on: Bool, even: Bool, change: (inout NodeManagementPolicyRequestDocument) -> Void
    ) throws(CommandError) -> String {
        guard let policy = try access.policy(name) else { throw PolicyListCommand.notFound(name) }
        let word = on ? "enabled" : "disabled"
        if policy.enabled == on && !even { return "Node management policy \(name.shown) is already \(word) in the Horizon Exchange" }
        var request = NodeManagementPolicyRequestDocument(policy)
        // The exchange shows "" for a manifest that was never given; sending that back would give the policy an upgrade without manifest.
        if policy.agentUpgradePolicy.manifest.isEmpty { request.agentUpgradePolicy = nil }
        request.enabled = on
        change(&request)
        let path = HubPath.policy(PolicyID(org: name.org, name: name.name))
        try access.hub.exchange("PUT", path, try JSONText.body(request)).success()
        return "Node management policy \(name.shown) \(word) in the Horizon Exchange"
    }
}
