import ArgumentParser
import UpgradeWire

/// `uplift nodemanagement manifest remove`. Source: contract 6.5.
struct ManifestRemoveCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a manifest from the Management Hub.", aliases: ["rm"])

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions
    @OptionGroup var kind: ManifestTypeOption

    @Option(name: .shortAndLong, help: ArgumentHelp("Its name, NAME or ORG/NAME.", valueName: "name"))
    var id: String

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var force = false

    func run(in world: CommandWorld) throws(CommandError) {
        try kind.check()
        let settings = CommandSettings(root, in: world)
        let account = Account(account, settings)
        let manifest = try account.name(id)
        let hub = Hub(world: world, settings: settings, credentials: try account.neededUser())
        guard force || world.confirms("Are you sure you want to remove manifest \(manifest.shown) from the Management Hub?") else { return }
        let answer = try hub.objects("DELETE", HubPath.object(manifest.org, kind.type, manifest.name))
        if answer.status == 404 { throw Self.notFound(manifest, kind.type) }
        try answer.success()
        world.say("Manifest \(manifest.shown) deleted from the Management Hub")
    }

    /// Kept, word for word.
    static func notFound(_ manifest: QualifiedName, _ type: String) -> CommandError {
        CommandError(.notFound, "Manifest '\(manifest.shown)' of type '\(type)' not found in the Management Hub")
    }
}
