import ArgumentParser

/// `uplift nodemanagement manifest`.
struct ManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifest", abstract: "Manifests: which versions and files an upgrade consists of.",
        subcommands: [ManifestAddCommand.self, ManifestListCommand.self, ManifestRemoveCommand.self], aliases: ["man"])
}
