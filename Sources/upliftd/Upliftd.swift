import ArgumentParser

/// The on-node program: agent, installer, recovery, supervisor. Wiring only.
@main
struct Upliftd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upliftd",
        abstract: "The agent that upgrades this node by policy, proves the new version healthy, and rolls back a bad one.",
        discussion: """
            A node without systemd is started with `upliftd supervise`. The first release is installed with `upliftd install --first PACKAGE`.
            """,
        version: World.version,
        subcommands: [Run.self, Supervise.self, Install.self, Recover.self, MayStart.self, SelfTest.self])
}

/// `--root`, the same for every command.
struct RootOption: ParsableArguments {
    @Option(name: .long, help: "Folder that stands for / : every path is below it.")
    var root = "/"
}
