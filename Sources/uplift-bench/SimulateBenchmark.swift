import ArgumentParser
import FleetSimulation
import FoundationEssentials

/// Runs one rollout over a simulated fleet and tells what it took.
struct SimulateBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "One rollout over a simulated fleet: its time and its trace hash, as JSON.")

    @Option(help: "Nodes of the fleet.")
    var nodes = 1000

    @Option(help: "Virtual hours until the run may end.")
    var hours = 1.1

    @Option(help: "Over how many virtual seconds the starts are spread.")
    var window = 3600

    @Flag(help: "With faults of several kinds, a tenth of the builds sick, groups of three.")
    var faults = false

    @Option(help: "The seed.")
    var seed: UInt64 = 1

    private struct Figures: Encodable {
        let nodes: Int
        let virtualSeconds: Double
        let birthSeconds: Double
        let runSeconds: Double
        let successful: Int
        let happenings: Int
        let requests: Int
        let mostRequestsPerSecond: Int
        let outcome: String
        let traceHash: String
    }

    func run() throws {
        let clock = ContinuousClock()
        let begin = clock.now
        let run = try FleetRun(scenario, seed: seed)
        let born = clock.now
        let verdict = run.run()
        let end = clock.now
        let virtual = scenario.duration + verdict.settledAfter
        let figures = Figures(
            nodes: nodes, virtualSeconds: virtual / .seconds(1), birthSeconds: (born - begin) / .seconds(1),
            runSeconds: (end - born) / .seconds(1), successful: verdict.figures.statuses["rollout"]?["successful"] ?? 0,
            happenings: verdict.figures.happenings, requests: verdict.figures.requests,
            mostRequestsPerSecond: verdict.figures.mostRequestsPerSecond, outcome: verdict.outcome.rawValue,
            traceHash: verdict.traceHash)
        print(String(decoding: try JSONEncoder().encode(figures), as: UTF8.self))
    }
}
