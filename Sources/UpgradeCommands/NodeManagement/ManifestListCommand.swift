import ArgumentParser
import UpgradeWire

/// `uplift nodemanagement manifest list`. Source: contract 6.5.
struct ManifestListCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the manifests of the organization, or the text of one (-i and -l).", aliases: ["ls"])

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions
    @OptionGroup var kind: ManifestTypeOption

    @Option(name: .shortAndLong, help: ArgumentHelp("Only this one, NAME or ORG/NAME.", valueName: "name"))
    var id: String?

    @Flag(name: .shortAndLong, help: "Show the manifest itself; needs -i.")
    var long = false

    func run(in world: CommandWorld) throws(CommandError) {
        try kind.check()
        guard id != nil || !long else { throw CommandError(.usage, "-l shows one manifest: name it with -i") }
        let settings = CommandSettings(root, in: world)
        let account = Account(account, settings)
        let manifest = try id.map { id throws(CommandError) in try account.name(id) }
        let hub = Hub(world: world, settings: settings, credentials: try account.neededUser())
        if long, let manifest {
            let answer = try hub.objects("GET", HubPath.objectData(manifest.org, kind.type, manifest.name))
            if answer.status == 404 { throw ManifestRemoveCommand.notFound(manifest, kind.type) }
            world.say(JSONText.pretty(try answer.success().read(JSONValue.self)))
            return
        }
        let org: String
        if let manifest { org = manifest.org } else { org = try account.org() }
        let names = try hub.objectList(org, type: kind.type).filter { !$0.deleted && $0.objectType == kind.type }.map(\.objectID)
        let shown = names.filter { manifest == nil || $0 == manifest?.name }.sorted().map { name -> JSONValue in
            ["manifestID": .string(org + "/" + name), "manifestType": .string(kind.type)]
        }
        world.say(JSONText.pretty(.array(shown)))
    }
}
