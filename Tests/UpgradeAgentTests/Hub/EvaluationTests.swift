import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// What the hub wants is read first and decided later; nothing that is asked for meanwhile is lost.
@Suite struct EvaluationTests {
    private func policy(_ id: PolicyID, enabled: Bool = true, constraint: String? = nil) -> NodeManagementPolicy {
        NodeManagementPolicy(id: id, constraints: constraint.map { [$0] } ?? [], enabled: enabled, manifest: "m")
    }

    private static let machine = MachineProperties(architecture: "amd64", operatingSystem: "debian", processors: 2, memoryMiB: 512)

    private func hub(_ policies: NodeManagementPolicy...) -> SimExchange {
        var content = SimExchange.Content()
        content.policies = policies
        return SimExchange(content)
    }

    @Test func `one is wanted from the start, and one that is asked for during another is not lost`() throws {
        let site = try EngineSite()
        let (evaluation, hub) = (Evaluation(engine: site.engine, machine: Self.machine, hardwareID: "h"), hub())
        #expect(evaluation.isPending)
        let wishes = try evaluation.read(hub)
        evaluation.ask()
        try evaluation.decide(wishes, keeping: [])
        #expect(evaluation.isPending)
        try evaluation.decide(try evaluation.read(hub), keeping: [])
        #expect(!evaluation.isPending)
    }

    @Test func `a reading that fails leaves the evaluation wanted`() throws {
        let site = try EngineSite()
        for call in [SimExchange.Call.node, .nodePolicy, .policies] {
            let evaluation = Evaluation(engine: site.engine, machine: Self.machine, hardwareID: "h")
            let hub = SimExchange(refuse: { $0 == call ? SimExchange.away : nil })
            #expect(throws: TransferFailure.self) { _ = try evaluation.read(hub) }
            #expect(evaluation.isPending)
        }
    }

    @Test func `jobs come and go with their policies`() throws {
        let site = try EngineSite()
        let evaluation = Evaluation(engine: site.engine, machine: Self.machine, hardwareID: "h")
        func evaluate(_ policies: NodeManagementPolicy...) throws {
            var content = SimExchange.Content()
            content.policies = policies
            try evaluation.decide(try evaluation.read(SimExchange(content)), keeping: [])
        }
        try evaluate(policy(EngineSite.one), policy(EngineSite.two))
        #expect(Set(site.engine.snapshot.jobs.keys) == [EngineSite.one, EngineSite.two])
        #expect(site.job()?.facts?.terms.manifest == "m")
        try evaluate(policy(EngineSite.one, enabled: false), policy(EngineSite.two))
        #expect(Set(site.engine.snapshot.jobs.keys) == [EngineSite.two])
        try evaluate(policy(EngineSite.one), policy(EngineSite.two, constraint: "a == b"))
        #expect(Set(site.engine.snapshot.jobs.keys) == [EngineSite.one])
        try evaluate()
        #expect(site.engine.snapshot.jobs.isEmpty)
    }

    @Test func `a job whose words are owed stays until they are sent, and is then decided again`() throws {
        let site = try EngineSite()
        try site.match()
        try site.match(EngineSite.two)
        let (evaluation, hub) = (Evaluation(engine: site.engine, machine: Self.machine, hardwareID: "h"), hub())
        try evaluation.decide(try evaluation.read(hub), keeping: [EngineSite.one])
        #expect(Set(site.engine.snapshot.jobs.keys) == [EngineSite.one])
        #expect(site.words == ["one: waiting", "two: deletion"])
        #expect(!evaluation.isPending)
        evaluation.allIsSent()
        #expect(evaluation.isPending)
        try evaluation.decide(try evaluation.read(hub), keeping: [])
        #expect(site.engine.snapshot.jobs.isEmpty)
        evaluation.allIsSent()
        #expect(!evaluation.isPending)
    }

    @Test func `a store that fails leaves the evaluation wanted`() throws {
        let site = try EngineSite()
        let (evaluation, hub) = (Evaluation(engine: site.engine, machine: Self.machine, hardwareID: "h"), hub(policy(EngineSite.one)))
        site.store.fail(commit: site.store.commits + 1, .before(EngineSite.broken))
        #expect(throws: StoreError.self) { try evaluation.decide(try evaluation.read(hub), keeping: []) }
        #expect(evaluation.isPending)
    }

    @Test func `the machine's own properties count at once and are told to the hub once`() throws {
        let site = try EngineSite()
        let evaluation = Evaluation(engine: site.engine, machine: Self.machine, hardwareID: "h")
        let hub = hub(
            NodeManagementPolicy(id: EngineSite.one, constraints: ["openhorizon.arch == amd64 && openhorizon.cpu >= 2"], enabled: true))
        try evaluation.decide(try evaluation.read(hub), keeping: [])
        #expect(site.engine.snapshot.jobs[EngineSite.one] != nil)
        #expect(hub.content.nodePolicy.top.properties.count == 7)
        evaluation.ask()
        try evaluation.decide(try evaluation.read(hub), keeping: [])
        let told = hub.content.calls.filter { if case .putProperties = $0 { true } else { false } }
        #expect(told.count == 1)
    }

    @Test func `a hub that does not take the properties keeps nothing from matching`() throws {
        let site = try EngineSite()
        let evaluation = Evaluation(engine: site.engine, machine: Self.machine, hardwareID: "h")
        var content = SimExchange.Content()
        content.policies = [NodeManagementPolicy(id: EngineSite.one, constraints: ["openhorizon.memory == 512"], enabled: true)]
        let hub = SimExchange(content, refuse: { if case .putProperties = $0 { SimExchange.status(403) } else { nil } })
        try evaluation.decide(try evaluation.read(hub), keeping: [])
        #expect(site.engine.snapshot.jobs[EngineSite.one] != nil)
    }

    @Test func `what is offered is asked for only when an ended job follows it`() throws {
        let site = try EngineSite()
        let evaluation = Evaluation(engine: site.engine, machine: Self.machine, hardwareID: "h")
        let hub = hub(NodeManagementPolicy(id: EngineSite.one, enabled: true))
        hub.change { $0.versions.software = ["1.0.0"] }
        try evaluation.decide(try evaluation.read(hub), keeping: [])
        #expect(!hub.content.calls.contains(.versions))
        try site.engine.handle(EngineSite.one, .chosen)
        guard case .planning(_, let attempt)? = site.engine.snapshot.jobs[EngineSite.one] else { return }
        try site.engine.handle(
            EngineSite.one, .nothingToDo(attempt.runID, reason: "", versions: [.software: "1.0.0"], latest: [.software: "1.0.0"]))
        try evaluation.decide(try evaluation.read(hub), keeping: [])
        #expect(hub.content.calls.contains(.versions))
        #expect(site.engine.snapshot.jobs[EngineSite.one]?.status == .noActionRequired)
        hub.change { $0.versions.software = ["1.0.0", "1.1.0"] }
        try evaluation.decide(try evaluation.read(hub), keeping: [])
        #expect(site.engine.snapshot.jobs[EngineSite.one]?.status == .waiting)
    }
}
