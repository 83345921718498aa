import ArgumentParser
import UpgradeWire

/// `uplift nodemanagement manifest add`. Source: contract 6.5, 2.5.
struct ManifestAddCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Check, sign and upload a manifest.",
        discussion: """
            A manifest (JSON) names versions and files; a part that is left out is not upgraded. A version is exact, or latest; the
            file * stands for every file that a node needs. Agents take a range as [2.31.0,2.99.0] too; hzn refuses it, and so does
            this command without --allow-quirks.
              {"softwareUpgrade": {"version": "latest", "files": ["*"]},
               "configurationUpgrade": {"version": "1.0.0", "files": ["agent-install.cfg"]},
               "certificateUpgrade": {"version": "1.0.0", "files": ["agent-install.crt"]}}

            Example:
              uplift nm manifest add -o myorg -t agent_upgrade_manifests -i spring -f manifest.json
            """)

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions
    @OptionGroup var signing: SigningOptions
    @OptionGroup var kind: ManifestTypeOption
    @OptionGroup var quirks: QuirkOption

    @Option(name: .shortAndLong, help: ArgumentHelp("Its name, NAME or ORG/NAME.", valueName: "name"))
    var id: String

    @Option(name: [.customShort("f"), .long], help: ArgumentHelp("The manifest; - is standard input.", valueName: "file"))
    var jsonFile: String

    func run(in world: CommandWorld) throws(CommandError) {
        try kind.check()
        let settings = CommandSettings(root, in: world)
        let account = Account(account, settings)
        let manifest = try account.name(id)
        try ObjectPublisher.check(name: manifest.name, what: "manifest name")
        let hub = Hub(world: world, settings: settings, credentials: try account.neededUser())
        let file = try ManifestFile(jsonFile, quirks, in: world)
        let key = try SigningKey(signing, settings, in: world)
        let missing = file.missing(in: AgentFiles(try hub.objectList(AgentFileType.org)))
        guard missing.isEmpty else { throw CommandError(.usage, Self.explanation(missing)) }

        world.say("Digital sign with SHA256 will be performed for data integrity.")
        let payload = try Payload(file.bytes, in: world)
        let signature = try key.sign(payload.digest)
        world.say("Digital sign finished.")
        let isNew = try hub.objects("GET", HubPath.object(manifest.org, kind.type, manifest.name)).status != 200
        let publisher = ObjectPublisher(
            hub: hub, whoMay: "Manifests are written by an admin of the organization \(Shown.text(manifest.org)), or by root.")
        // The empty policy keeps the CSS from sending the manifest to all nodes by itself.
        let nobody: JSONValue = ["properties": [], "constraints": [], "services": []]
        do throws(CommandError) {
            try publisher.put(
                .init(
                    org: manifest.org, type: kind.type, id: manifest.name, payload: payload, signature: signature,
                    extra: ["destinationPolicy": nobody]))
        } catch {
            throw error.adding("The manifest \(manifest.shown) may be incomplete in the Management Hub: run the same command again.")
        }
        world.say("Manifest \(manifest.shown) \(isNew ? "added to" : "updated in") the Management Hub")
    }

    /// Kept, word for word, but for the name of the program.
    private static func explanation(_ missing: [ManifestFile.Missing]) -> String {
        let lines = missing.map { "File \"\(Shown.text($0.name))\" version \"\(Shown.text($0.version))\" of type \"\($0.type.rawValue)\"." }
        return "The following files were specified in the manifest file but do not exist in the Management Hub:\n"
            + lines.joined(separator: "\n") + "\nRun 'uplift nodemanagement agentfiles list' to get a list of valid files."
    }
}
