import ArgumentParser

/// `uplift nmstatus reset`. Source: contract 6.2.
struct NMStatusResetCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset", abstract: "Have the agent look at its management policies, or at one, as if they were new.")

    @OptionGroup var root: RootOption

    @Argument(help: "A management policy, NAME or ORG/NAME; without it, all.")
    var name: String?

    func run(in world: CommandWorld) throws(CommandError) {
        let agent = LocalAgent(root, in: world)
        let segments = try NMStatuses.segments(name)
        if let name {
            try agent.call("PUT", ["nodemanagement", "reset"] + segments).success()
            world.say("The following node management policy will be re-evaluated: \(Shown.text(name)).")
            return
        }
        let statuses = try NMStatuses.get(nil, from: agent)
        guard statuses.missing == nil else {
            world.say("No node management policy for this node.")
            return
        }
        try agent.call("PUT", ["nodemanagement", "reset"]).success()
        let names = statuses.all.keys.sorted().map(Shown.text)
        let noun = names.count == 1 ? "policy" : "policies"
        world.say("The following node management \(noun) will be re-evaluated: \(names.joined(separator: ",")).")
    }
}
