import ArgumentParser
import UpgradeWire

/// `uplift opstatus show`.
struct OpStatusShowCommand: LeafCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one record of operation status as JSON.")

    @OptionGroup var root: RootOption

    @Argument(help: "The record's id, as `list` shows it.")
    var id: String

    func run(in world: CommandWorld) throws(CommandError) {
        let answer = try LocalAgent(root, in: world).get(["opstatus", id])
        if answer.status == 404 { throw CommandError(.notFound, "there is no operation record '\(Shown.text(id))'") }
        world.say(JSONText.pretty(try answer.success().read(JSONValue.self)))
    }
}
