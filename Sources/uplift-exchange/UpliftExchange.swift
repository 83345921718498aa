import ArgumentParser

/// The hub's executable: wiring only.
@main
struct UpliftExchange: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uplift-exchange",
        abstract: "A small Open Horizon Exchange and CSS: the hub for tests, demos and small sites.",
        discussion: "Exit codes: 0 done, 1 it failed and said why, 64 wrong usage.",
        version: "uplift-exchange 0.1.0",
        subcommands: [Serve.self, Backup.self, Restore.self])
}
