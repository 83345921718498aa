import ArgumentParser
import FleetSimulation
import FoundationEssentials

/// Runs one rollout over a simulated fleet and tells what it took.
struct SimulateBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "One rollout over a simulated fleet: its time, its memory, its trace hash, as JSON.")

    @Option(help: "Nodes of the fleet.")
    var nodes = 1000

    @Option(help: "Virtual hours until the run may end.")
    var hours = 2.0

    @Option(help: "Over how many virtual seconds the starts are spread.")
    var window = 3600

    @Flag(help: "With faults of every kind, a tenth of the builds sick, groups of three.")
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
        let memoryMost: Int
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
            mostRequestsPerSecond: verdict.figures.mostRequestsPerSecond, memoryMost: Self.memoryMost, outcome: verdict.outcome.rawValue,
            traceHash: verdict.traceHash)
        print(String(decoding: try JSONEncoder().encode(figures), as: UTF8.self))
    }

    /// Half an hour of quiet, then everybody to 1.1.0.
    private var scenario: Scenario {
        var scenario = Scenario(name: "rollout")
        scenario.fleet = [NodeGroup(name: "edge", count: nodes)]
        scenario.duration = .seconds(hours * 3600)
        var rollout = Rollout(policy: "rollout", software: "1.1.0")
        rollout.window = .seconds(window)
        scenario.steps = [ScenarioStep(at: .seconds(1800), .publish(rollout))]
        if faults { troubled(&scenario) }
        return scenario
    }

    private func troubled(_ scenario: inout Scenario) {
        scenario.fleet[0].highAvailability = 3
        scenario.fleet[0].link.loss = 0.02
        scenario.fleet[0].clockSkew = .seconds(90)
        scenario.builds = [Build(version: "1.1.0")]
        scenario.builds[0].sickness = .unhealthy
        scenario.builds[0].sickShare = 0.1
        let kinds: [Fault.Kind] = [
            .kill, .powerCut(back: .seconds(120)), .killAtOperation(40), .cutAtOperation(60), .partition, .hubAnswers(503),
            .clockJump(.seconds(3600)), .diskFull(free: 10_000),
        ]
        for (number, kind) in kinds.enumerated() {
            let begin = Duration.seconds(1800 + number * 300)
            var fault = Fault(kind, from: begin, until: begin + .seconds(600))
            fault.who = .part(0.2)
            scenario.faults.append(fault)
        }
    }

    /// The most memory that this process ever had, in bytes.
    private static var memoryMost: Int {
        let status = (try? String(contentsOf: URL(filePath: "/proc/self/status"), encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (Int(line.split(whereSeparator: \.isWhitespace).dropFirst().first ?? "") ?? 0) << 10
    }
}
