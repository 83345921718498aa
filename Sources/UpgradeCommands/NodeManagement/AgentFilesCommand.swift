import ArgumentParser

/// `uplift nodemanagement agentfiles`.
struct AgentFilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agentfiles", abstract: "Software, configuration and certificate files of the agent.",
        subcommands: [AgentFilesAddCommand.self, AgentFilesListCommand.self], aliases: ["af"])
}
