import ArgumentParser
import UpgradeModel
import UpgradeWire

/// `uplift nodemanagement agentfiles add`: signs and uploads files, then makes their version known to the nodes.
struct AgentFilesAddCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Sign and upload files of one type and version, and list the version in AgentFileVersion.",
        discussion: """
            Types: agent_software_files, agent_config_files (nodes look for agent-install.cfg), agent_cert_files (agent-install.crt).
            Agent files live in the organization IBM: its admin, a hub admin or root may write there.

            The first line of a configuration or certificate file says what it is, under the signature; --stamp puts it there:
              # uplift: kind=configuration version=1.0.0

            Example:
              uplift nm agentfiles add -t agent_software_files -V 2.31.0 agent.tar.gz
            """)

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions
    @OptionGroup var signing: SigningOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("What the files are.", valueName: "type"))
    var type: String

    @Option(name: [.customShort("V"), .customLong("version")], help: ArgumentHelp("Their version, as 2.31.0.", valueName: "version"))
    var agentVersion: String

    @Option(help: ArgumentHelp("Upload one file under another name.", valueName: "name"))
    var name: String?

    @Flag(help: "Put the stamp before the bytes of a configuration or certificate file that has none.")
    var stamp = false

    @Argument(help: ArgumentHelp("The files.", valueName: "file"))
    var files: [String]

    func run(in world: CommandWorld) throws(CommandError) {
        let settings = CommandSettings(root, in: world)
        let type = try AgentFileType(named: type)
        let hub = Hub(world: world, settings: settings, credentials: try Account(account, settings).neededUser())
        let batch = AgentFileBatch(hub: hub, type: type, version: agentVersion, addsStamp: stamp)
        let key = try SigningKey(signing, settings, in: world)
        let prepared = try batch.prepare(files, name: name, key: key)
        try batch.upload(prepared)
        try batch.listVersion()
    }
}
