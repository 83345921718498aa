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

    private func hub(_ policies: NodeManagementPolicy...) -> SimExchange {
        var content = SimExchange.Content()
        content.policies = policies
        return SimExchange(content)
    }

    @Test func `one is wanted from the start, and one that is asked for during another is not lost`() throws {
        let site = try EngineSite()
        let (evaluation, hub) = (Evaluation(engine: site.engine), hub())
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
            let evaluation = Evaluation(engine: site.engine)
            let hub = SimExchange(refuse: { $0 == call ? SimExchange.away : nil })
            #expect(throws: TransferFailure.self) { _ = try evaluation.read(hub) }
            #expect(evaluation.isPending)
        }
    }

    @Test func `jobs come and go with their policies`() throws {
        let site = try EngineSite()
        let evaluation = Evaluation(engine: site.engine)
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
        let (evaluation, hub) = (Evaluation(engine: site.engine), hub())
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
        let (evaluation, hub) = (Evaluation(engine: site.engine), hub(policy(EngineSite.one)))
        site.store.fail(commit: site.store.commits + 1, .before(EngineSite.broken))
        #expect(throws: StoreError.self) { try evaluation.decide(try evaluation.read(hub), keeping: []) }
        #expect(evaluation.isPending)
    }
}
