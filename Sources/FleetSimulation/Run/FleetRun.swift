import UpgradeAgent
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// One run of a scenario with one seed: safety while faults happen, then liveness once they are over. Source: architecture, "The simulator".
package struct FleetRun {
    /// What a caller learns while it runs.
    package struct Progress: Sendable {
        /// Virtual time.
        package let now: Duration
        /// The scenario's own end.
        package let end: Duration
    }

    /// Moments that a picture shows.
    private static let samples = 240
    /// Nodes whose story is kept.
    private static let stories = 12

    private let scenario: Scenario
    private let seed: UInt64
    let timeline = Timeline()
    let trace: Trace
    let hub: FleetHub
    let inspector: Inspector
    let nodes: [FleetNode]
    private let keeper = CourseKeeper()

    /// Makes the fleet; nothing happens yet. Errors: the first installation of a group does not work, as on a disk that is too small.
    /// - Parameter workshop: makes the parts of the nodes.
    package init(_ scenario: Scenario, seed: UInt64, workshop: NodeWorkshop = NodeWorkshop()) throws {
        self.scenario = scenario
        self.seed = seed
        trace = Trace(watching: scenario.watched)
        hub = FleetHub(traits: scenario.hub, beginning: scenario.begins, timeline: timeline)
        inspector = Inspector(scenario: scenario, timeline: timeline, trace: trace)
        nodes = try FleetBirth(
            scenario: scenario, seed: seed, timeline: { [timeline] in timeline }, hub: hub, watcher: inspector, trace: trace,
            workshop: workshop
        ).nodes()
        keeper.watch(hub, nodes: nodes.count)
        plan()
    }

    /// What happened on a node, as far as it is kept: when, and what.
    package func lines(of node: String) -> [(at: Duration, what: String)] { trace.lines(of: node).map { ($0.at, $0.what) } }

    /// A node whose story explains the verdict best: of a finding, else one where an upgrade did not go well, else the first.
    package func troubledNode(_ verdict: Verdict) -> String? {
        if let finding = verdict.violations.first ?? verdict.stuck.first { return finding.node }
        let fine: Set<Status> = [.successful, .noActionRequired]
        return (nodes.first { node in inspector.truth(of: node.name).words.contains { !fine.contains($0.value) } } ?? nodes.first)?.name
    }

    private func plan() {
        let desk = HubDesk(hub: hub, inspector: inspector, nodes: nodes)
        hub.watchOutages { [inspector] in inspector.outage($0) }
        for build in scenario.offeredBuilds { timeline.at(.zero) { desk.offer(build) } }
        for file in scenario.offeredFiles { timeline.at(.zero) { desk.offer(file) } }
        for step in scenario.steps { timeline.at(step.at) { desk.carryOut(step.deed) } }
        let disaster = Disaster(timeline: timeline, hub: hub, nodes: nodes, randomness: SimRandomness(seed: ~seed))
        for fault in scenario.faults { disaster.plan(fault.ended(by: scenario.duration)) }
    }

    /// Runs to the end.
    /// - Parameters:
    ///   - endsWhenBroken: ends soon after the first broken invariant: what comes after it interests nobody.
    ///   - told: called from time to time.
    package func run(endsWhenBroken: Bool = false, _ told: (Progress) -> Void = { _ in }) -> Verdict {
        let judge = Judge(scenario: scenario, hub: hub, inspector: inspector, nodes: nodes)
        var open = judge.timed(scenario.expectations)
        var now: Duration = .zero
        let pause = max(scenario.duration / FleetRun.samples, .seconds(1))
        var isOver: Bool { endsWhenBroken && !inspector.violations.isEmpty }
        while now < scenario.duration, !isOver {
            now = min(now + pause, scenario.duration, open.first?.at ?? scenario.duration)
            timeline.run(until: now)
            inspector.chronicler.sample(at: now, requests: hub.load.requests)
            while let next = open.first, next.at <= now {
                judge.look(next.expectation, at: now)
                open.removeFirst()
            }
            told(Progress(now: now, end: scenario.duration))
        }
        let end = scenario.duration + scenario.settling
        while !isOver, !judge.isSettled, now < end {
            now = min(now + .seconds(60), end)
            timeline.run(until: now)
        }
        inspector.chronicler.sample(at: now, requests: hub.load.requests)
        var verdict = judge.verdict(seed: seed, settledAfter: now - scenario.duration, timeline: timeline)
        verdict.chronicle = chronicle(verdict)
        verdict.courses = keeper.courses
        timeline.clear()
        for node in nodes { node.dissolve() }
        return verdict
    }

    private func chronicle(_ verdict: Verdict) -> Chronicle {
        var chronicle = inspector.chronicler.chronicle
        var names: [String] = []
        for name in (verdict.violations + verdict.stuck).map(\.node) + inspector.chronicler.troubled where !names.contains(name) {
            if names.count == FleetRun.stories { break }
            names.append(name)
        }
        chronicle.stories = names.map { Chronicle.Story(node: $0, lines: lines(of: $0)) }
        return chronicle
    }
}
