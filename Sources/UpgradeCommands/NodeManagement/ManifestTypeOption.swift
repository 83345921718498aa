import ArgumentParser

/// The type of manifests, of which there is one.
struct ManifestTypeOption: ParsableArguments {
    static let only = "agent_upgrade_manifests"

    @Option(name: .shortAndLong, help: ArgumentHelp("Type of the manifest: agent_upgrade_manifests.", valueName: "type"))
    var type: String = ManifestTypeOption.only

    /// Refuses every other type.
    func check() throws(CommandError) {
        guard type == Self.only else {
            throw CommandError(.usage, "Invalid manifest type specified. Valid types include: \(Self.only)")
        }
    }
}
