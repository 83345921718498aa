import ArgumentParser

/// `uplift exchange node`.
struct NodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "Nodes in the Exchange.", subcommands: [NodeManagementGroup.self])
}
