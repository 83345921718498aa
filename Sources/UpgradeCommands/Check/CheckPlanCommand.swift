import ArgumentParser
import UpgradeCore
import UpgradeModel
import UpgradeWire

/// `uplift check plan`.
struct CheckPlanCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "What a node would take of a manifest: versions and files, or why nothing.",
        discussion: """
            Prints {"outcome", "softwareVersion", "configVersion", "certVersion", "files", "reasons"}. The outcome is "upgrade", or the
            status that the node would report: "no action required" or "precheck failed". A version is "" where nothing is taken.

            --versions names what the Management Hub offers, as its AgentFileVersion:
              {"agentSoftwareVersions": ["2.31.0"], "agentConfigVersions": ["1.0.0"], "agentCertVersions": []}

            --node names what the node is and has; what is left out is a device with nothing:
              {"nodeType": "device", "operatingSystem": "debian", "architecture": "amd64", "containerized": false,
               "versions": {"softwareVersion": "2.30.0", "configVersion": "1.0.0", "certVersion": ""},
               "allowDowngrade": true,
               "others": [{"softwareVersion": "2.31.0"}]}
            operatingSystem and architecture are worded as openhorizon.operatingSystem and openhorizon.arch; allowDowngrade is the node's
            own setting; others are the versions that policies with a later schedule have brought: they keep it from older ones.

            Exit codes: 0 something is taken, 1 nothing, or the manifest or the node is not valid.

            Example:
              uplift check plan --manifest manifest.json --versions versions.json --node node.json --allow-downgrade
            """)

    @OptionGroup var root: RootOption

    @Option(help: ArgumentHelp("The manifest (JSON); - is standard input.", valueName: "file"))
    var manifest: String

    @Option(help: ArgumentHelp("The versions that are offered (JSON).", valueName: "file"))
    var versions: String

    @Option(help: ArgumentHelp("The node (JSON).", valueName: "file"))
    var node: String

    @Flag(help: "The management policy says allowDowngrade.")
    var allowDowngrade = false

    func run(in world: CommandWorld) throws(CommandError) {
        let preview = PlanPreview(
            manifest: try read(ManifestDocument.self, manifest, "manifest"),
            offered: try read(AgentFileVersionDocument.self, versions, "versions").perComponent,
            node: try read(NodeFile.self, node, "node"), allowDowngrade: allowDowngrade)
        try world.answer(preview.json, isYes: preview.outcome == .upgrade, because: preview.reasons)
    }

    private func read<Document: Decodable>(_ type: Document.Type, _ path: String, _ what: String) throws(CommandError) -> Document {
        try JSONText.read(type, try UserFile.document(path), subject: "\(what) \(Shown.text(path))")
    }
}

/// A node as `check plan` is told of it.
struct NodeFile: Decodable {
    let nodeType: NodeType
    let operatingSystem: String
    let architecture: String
    let containerized: Bool
    let versions: VersionsCase
    let allowDowngrade: Bool
    let others: [VersionsCase]

    private enum Keys: CodingKey { case nodeType, operatingSystem, architecture, containerized, versions, allowDowngrade, others }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        nodeType = try container.read(.nodeType, or: .device)
        operatingSystem = try container.read(.operatingSystem, or: "")
        architecture = try container.read(.architecture, or: "")
        containerized = try container.read(.containerized, or: false)
        versions = try container.read(.versions, or: VersionsCase())
        allowDowngrade = try container.read(.allowDowngrade, or: true)
        others = try container.read(.others, or: [])
    }
}
