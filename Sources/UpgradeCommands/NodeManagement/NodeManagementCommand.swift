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
