import ArgumentParser
import UpgradeModel
import UpgradeWire

/// `uplift nodemanagement agentfiles list`. Source: contract 6.5.
struct AgentFilesListCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the agent files of the Management Hub, newest versions first.", aliases: ["ls"])

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("Only files of this type.", valueName: "type"))
    var type: String?

    @Option(
        name: [.customShort("V"), .customLong("version")],
        help: ArgumentHelp("Only this version, a range as [1.0.0,2.0.0), or latest.", valueName: "version"))
    var agentVersion: String?

    func run(in world: CommandWorld) throws(CommandError) {
        let settings = CommandSettings(root, in: world)
        let hub = Hub(world: world, settings: settings, credentials: try Account(account, settings).neededUser())
        let type = try type.map { text throws(CommandError) in try AgentFileType(named: text) }
        var files = AgentFiles(try hub.objectList(AgentFileType.org)).all
        if let type { files = files.filter { $0.type == type } }
        if let agentVersion {
            guard let wanted = VersionExpression(agentVersion) else {
                throw CommandError(.usage, "'\(Shown.text(agentVersion))' is no version; expected a version, a range, or latest")
            }
            files = AgentFiles(all: files).fitting(wanted)
        }
        let shown = files.sorted(by: AgentFile.comesBefore).map { file -> JSONValue in
            var members: [String: JSONValue] = [
                "fileName": .string(file.name), "fileType": .string(file.type.rawValue), "fileVersion": .string(file.version),
            ]
            if !file.description.isEmpty { members["description"] = .string(file.description) }
            return .object(members)
        }
        world.say(JSONText.pretty(.array(shown)))
    }
}
