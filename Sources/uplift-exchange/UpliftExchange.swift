import ArgumentParser

/// The hub's executable: wiring only.
@main
struct UpliftExchange: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uplift-exchange",
        abstract: "A small Open Horizon Exchange and CSS: the hub for tests, demos and small sites.",
        subcommands: [Serve.self])
}
