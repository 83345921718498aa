import ArgumentParser

/// `uplift nmstatus`.
struct NMStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nmstatus",
        abstract: "See and reset the management statuses that this node's agent keeps.",
        subcommands: [NMStatusListCommand.self, NMStatusHealthCommand.self, NMStatusResetCommand.self])
}
