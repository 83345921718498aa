import ArgumentParser
import UpgradeWire

/// `uplift opstatus purge`.
struct OpStatusPurgeCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge", abstract: "Remove the records of operation status whose time is over now, not at the next hour.",
        discussion: "What has not ended is never removed.")

    @OptionGroup var root: RootOption

    func run(in world: CommandWorld) throws(CommandError) {
        let answer = try LocalAgent(root, in: world).call("POST", ["opstatus", "purge"]).success()
        let removed = try answer.read(PurgeDocument.self).removed
        world.say("Removed \(removed) record\(removed == 1 ? "" : "s").")
    }
}
