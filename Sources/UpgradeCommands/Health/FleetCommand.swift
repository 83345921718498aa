import ArgumentParser

/// `uplift fleet`. Source: seed `dataone-uc10-mn-status-reports.rst`.
struct FleetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleet",
        abstract: "See how the registered nodes are, as the Exchange's watch found them.",
        discussion: """
            The states:
              ok           heartbeats come, and no job is beyond its bound
              late         one heartbeat is missing; or more, but the node answers a ping
              stalled      a job is under way for longer than it may take
              unreachable  two heartbeats or more are missing
              never seen   registered, but no heartbeat ever came

            Administrators of an organization see its nodes, those of the Exchange see all. Only uplift-exchange has such a watch.
            """,
        subcommands: [FleetReportCommand.self, FleetWatchCommand.self])
}
