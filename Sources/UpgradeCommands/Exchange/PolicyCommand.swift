import ArgumentParser

/// `uplift exchange nmp`.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nmp", abstract: "Node management policies: which nodes upgrade, when, and to what.",
        subcommands: [
            PolicyListCommand.self, PolicyAddCommand.self, PolicyRemoveCommand.self, PolicyStatusCommand.self, PolicyEnableCommand.self,
            PolicyDisableCommand.self,
        ])
}
