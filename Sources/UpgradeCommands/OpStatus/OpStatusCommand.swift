import ArgumentParser

/// `uplift opstatus`. Source: seed `nmis-opstatus.txt`.
struct OpStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "opstatus",
        abstract: "See what the agent of this node, or of another one, did, does and waits to do: records of operation status.",
        discussion: """
            A record is written with the change that it tells of, and written over as the work goes on. It is removed some time after its last \
            writing (purge-opstatus-after-seconds, opstatus-max-age, opstatus-rows-max), and when the node is unregistered: dump them before.
            """,
        subcommands: [
            OpStatusListCommand.self, OpStatusShowCommand.self, OpStatusExportCommand.self, OpStatusDumpCommand.self,
            OpStatusPurgeCommand.self,
        ],
        defaultSubcommand: OpStatusListCommand.self)
}
