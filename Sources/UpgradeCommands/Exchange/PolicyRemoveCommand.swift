import ArgumentParser
import UpgradeModel
import UpgradeWire

/// `uplift exchange nmp remove`. Source: contract 6.3.
struct PolicyRemoveCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a node management policy, with its statuses on all nodes.", aliases: ["rm"])

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var force = false

    @Argument(help: "The policy, NAME or ORG/NAME.")
    var name: String

    func run(in world: CommandWorld) throws(CommandError) {
        let access = try ExchangeAccess(root, account, in: world)
        let policy = try access.account.name(name)
        let (shownName, shownOrg) = (Shown.text(policy.name), Shown.text(policy.org))
        let question =
            "Are you sure you want to remove node management policy \(shownName) for org \(shownOrg) from the Horizon Exchange?"
        guard force || world.confirms(question) else { return }
        let answer = try access.hub.exchange("DELETE", HubPath.policy(PolicyID(org: policy.org, name: policy.name)))
        if answer.status == 404 {
            throw CommandError(.notFound, "Node management policy \(shownName) not found in org \(shownOrg)")
        }
        try answer.success()
        world.say("Node management policy \(policy.shown) removed from the Horizon Exchange.")
    }
}
