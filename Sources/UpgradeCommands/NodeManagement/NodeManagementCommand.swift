import ArgumentParser

/// `uplift nodemanagement`. Source: contract 6.5.
struct NodeManagementCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nodemanagement",
        abstract: "Publish agent files and manifests.",
        subcommands: [AgentFilesCommand.self, ManifestCommand.self],
        aliases: ["nm"])

    @OptionGroup var root: RootOption
    @OptionGroup var account: AccountOptions
}

/// `uplift nodemanagement agentfiles`.
struct AgentFilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agentfiles", abstract: "Software, configuration and certificate files of the agent.",
        subcommands: [AgentFilesAddCommand.self, AgentFilesListCommand.self], aliases: ["af"])
}

/// `uplift nodemanagement manifest`.
struct ManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifest", abstract: "Manifests: which versions and files an upgrade consists of.",
        subcommands: [ManifestAddCommand.self, ManifestListCommand.self, ManifestRemoveCommand.self], aliases: ["man"])
}
