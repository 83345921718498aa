import ArgumentParser

/// Measures parts of the agent for `packaging/bench`, which sets a peer beside each figure. Not shipped.
@main
struct UpliftBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uplift-bench", abstract: "Measure parts of the agent; packaging/bench runs it beside a peer.",
        subcommands: [ConstraintsBenchmark.self])
}
