import ArgumentParser

/// Measures the agent's parts and the hub for `packaging/bench`, which sets a peer beside each figure. Not shipped.
@main
struct UpliftBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uplift-bench", abstract: "Measure the agent's parts and the hub; packaging/bench runs it beside a peer.",
        subcommands: [
            ConstraintsBenchmark.self, LoadBenchmark.self, SweepBenchmark.self, HelloServer.self, SimulateBenchmark.self,
            OperationsBenchmark.self,
        ])
}
