import ArgumentParser

/// `uplift exchange node management`.
struct NodeManagementGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "management", abstract: "The management policies of one node, and how far they came.",
        subcommands: [NodePoliciesCommand.self, NodeStatusCommand.self, NodeResetCommand.self], aliases: ["mgmt"])
}
