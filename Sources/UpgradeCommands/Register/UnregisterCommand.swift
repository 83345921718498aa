import ArgumentParser
import UpgradeWire

/// `uplift unregister`.
struct UnregisterCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "unregister", abstract: "Take this node's identity away from its agent.",
        discussion: "The node itself stays in the Exchange, without a key; statuses of running upgrades end with it.")

    @OptionGroup var root: RootOption

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var force = false

    func run(in world: CommandWorld) throws(CommandError) {
        let agent = LocalAgent(root, in: world)
        let node = try agent.node()
        guard node.state != "unconfigured" else {
            world.say("The node is not registered.")
            return
        }
        guard force || world.confirms("Are you sure you want to unregister the node \(node.shown)?") else { return }
        let answer: Answer
        do throws(CommandError) {
            answer = try agent.call("DELETE", ["node"]).success()
        } catch {
            throw error.adding("The node may still be registered. Try again: uplift unregister")
        }
        if let words = (try? answer.read(JSONValue.self))?.string, words != "Unregistered." { world.note(Shown.text(words)) }
        world.say("Node \(node.shown) is unregistered.")
    }
}
