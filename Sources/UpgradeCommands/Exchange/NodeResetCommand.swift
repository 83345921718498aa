import ArgumentParser
import UpgradeModel
import UpgradeWire

/// `uplift exchange node management reset`. Source: contract 6.4.
struct NodeResetCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset", abstract: "Have a node's agent look at its management policies, or at one, as if they were new.")

    @OptionGroup var options: NodeStatusOptions

    func run(in world: CommandWorld) throws(CommandError) {
        let statuses = try options.statuses(in: world)
        let node = statuses.node
        guard !statuses.all.isEmpty else {
            world.say("No management status found for node \(Shown.text(node.name)) in org \(Shown.text(node.org))")
            return
        }
        for (name, status) in statuses.all.sorted(by: { $0.key < $1.key }) {
            var body = status
            body.agentUpgradePolicyStatus.status = StatusWord.word(.reset)
            // Only the exchange may write this key: with it the body is refused.
            body.agentUpgradePolicyStatus.lastUpdated = nil
            let path = HubPath.status(node.org, node.name, Fleet.bareName(name, org: node.org))
            try statuses.hub.exchange("PUT", path, try JSONText.body(body)).success()
            world.say("Node management status for \(Shown.text(name)) is reset.")
        }
        // Kept, word for word, with its doubled article.
        world.say("The the Horizon agent for node \(node.shown) will re-evaluate the management policies.")
    }
}
