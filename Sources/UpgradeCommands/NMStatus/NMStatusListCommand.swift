import ArgumentParser
import UpgradeWire

/// `uplift nmstatus list`. Source: contract 6.2.
struct NMStatusListCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the status of each management policy on this node, or of one.", aliases: ["ls"])

    @OptionGroup var root: RootOption

    @Flag(name: .shortAndLong, help: "Show the whole status objects.")
    var long = false

    @Argument(help: "A management policy, NAME or ORG/NAME.")
    var name: String?

    func run(in world: CommandWorld) throws(CommandError) {
        let agent = LocalAgent(root, in: world)
        let statuses = try NMStatuses.get(name, from: agent)
        if let missing = statuses.missing { world.note(missing) }
        let shown = long ? statuses.all : statuses.all.mapValues(NMStatuses.word)
        // Kept: the text ends with one blank line.
        world.say(JSONText.pretty(.object(shown)) + "\n")
    }
}
