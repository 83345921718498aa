import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// The exchange deletes the statuses of a policy with it. Who was away meanwhile must not keep the outcome of a policy for another of its name.
@Suite struct ReplacedPolicyTests {
    private static let first = "2026-01-01T10:00:00.000000Z"
    private static let later = "2026-01-01T11:00:00.000000Z"
    private static let machine = MachineProperties(architecture: "amd64", operatingSystem: "debian", processors: 2, memoryMiB: 512)

    /// A node whose job has ended, the hub that knows it, and what both make of a change there.
    private struct Case {
        let site: EngineSite
        let hub: SimExchange
        let evaluation: Evaluation

        /// - Parameter written: what the hub says of the policy's last change.
        init(written: String?) throws {
            site = try EngineSite()
            var content = SimExchange.Content()
            content.policies = [ReplacedPolicyTests.policy(written)]
            hub = SimExchange(content)
            evaluation = Evaluation(engine: site.engine, machine: ReplacedPolicyTests.machine, hardwareID: "h")
            try evaluate()
            try site.engine.handle(EngineSite.one, .chosen)
            try site.engine.handle(EngineSite.one, .nothingToDo(try site.run(), reason: "", versions: [:]))
        }

        init(site: EngineSite, hub: SimExchange) {
            (self.site, self.hub) = (site, hub)
            evaluation = Evaluation(engine: site.engine, machine: ReplacedPolicyTests.machine, hardwareID: "h")
        }

        func evaluate() throws {
            let wishes = try evaluation.read(hub)
            try evaluation.forgetReplaced(wishes)
            try evaluation.decide(wishes, keeping: [])
        }

        func tell() throws { _ = try Outbox(client: hub, engine: site.engine, clock: site.clock).drain() }

        var word: Status? { site.job()?.status }
    }

    private static func policy(_ written: String?, manifest: String = "m") -> NodeManagementPolicy {
        NodeManagementPolicy(id: EngineSite.one, enabled: true, manifest: manifest, lastUpdated: written)
    }

    @Test func `one that was deleted and published anew begins anew`() throws {
        let node = try Case(written: Self.first)
        try node.tell()
        #expect(node.hub.content.statuses == [EngineSite.one: .noActionRequired])
        node.hub.change {
            $0.statuses = [:]
            $0.policies = [Self.policy(Self.later, manifest: "other")]
        }
        try node.evaluate()
        #expect(node.word == .waiting)
        #expect(node.site.job()?.facts?.terms.manifest == "other")
        #expect(node.site.words == ["one: deletion", "one: waiting"])
        try node.tell()
        // The new one is known now.
        try node.evaluate()
        #expect(node.site.words == [])
    }

    @Test func `what was still owed about the old one is not said of the new one`() throws {
        let node = try Case(written: Self.first)
        node.hub.change { $0.policies = [Self.policy(Self.later)] }
        try node.evaluate()
        try node.tell()
        #expect(node.hub.content.calls.filter { if case .put = $0 { true } else { false } } == [.put(EngineSite.one, .waiting)])
    }

    /// Every edit looks like a new policy but for the statuses.
    @Test func `an edit changes nothing that has ended`() throws {
        let node = try Case(written: Self.first)
        try node.tell()
        node.hub.change { $0.policies = [Self.policy(Self.later, manifest: "other")] }
        try node.evaluate()
        #expect(node.word == .noActionRequired)
        #expect(node.site.words == [])
    }

    /// It may show an older state of the policy, too.
    @Test(arguments: [first, "2026-01-01T09:00:00.000000Z"]) func `a hub restored from a backup changes nothing`(written: String) throws {
        let node = try Case(written: Self.first)
        try node.tell()
        node.hub.change {
            $0.statuses = [:]
            $0.policies = [Self.policy(written)]
        }
        try node.evaluate()
        #expect(node.word == .noActionRequired)
    }

    @Test func `who does not know when the policy was written keeps its job`() throws {
        let node = try Case(written: nil)
        try node.tell()
        node.hub.change {
            $0.statuses = [:]
            $0.policies = [Self.policy(Self.later)]
        }
        try node.evaluate()
        #expect(node.word == .noActionRequired)
    }

    /// It cannot tell a new policy from an exchange that has lost a status: it says again that it knows nothing, and begins nothing.
    @Test func `who has lost its memory says so again`() throws {
        let site = try EngineSite()
        try site.engine.record([.set(.databaseLost, "database lost: damaged")])
        let hub = SimExchange()
        hub.change { $0.policies = [Self.policy(Self.first)] }
        let node = Case(site: site, hub: hub)
        try node.evaluate()
        #expect(node.site.words == ["one: unknown"])
        // What is still owed is not forgotten.
        try node.evaluate()
        #expect(node.site.words == ["one: unknown"])
        try node.tell()
        hub.change { $0.statuses = [:] }
        try node.evaluate()
        try node.tell()
        #expect(hub.content.statuses == [EngineSite.one: .unknown])
        #expect(node.word == .unknown)
    }

    /// Only a reset may let it start.
    @Test func `who has lost a single record begins nothing`() throws {
        let before = try Case(written: Self.first)
        try before.tell()
        try before.site.store.damage(job: EngineSite.one)
        let node = Case(site: try EngineSite(before.site.database), hub: before.hub)
        try node.evaluate()
        try node.tell()
        #expect(node.hub.content.statuses == [EngineSite.one: .unknown])
        node.hub.change {
            $0.statuses = [:]
            $0.policies = [Self.policy(Self.later)]
        }
        for _ in 1...2 { try node.evaluate() }
        #expect(node.word == .unknown)
    }

    @Test func `the statuses are not read while no policy was written anew`() throws {
        let node = try Case(written: Self.first)
        try node.tell()
        try node.evaluate()
        #expect(!node.hub.content.calls.contains(.statuses))
    }

    @Test func `what the installer has goes on`() throws {
        let site = try EngineSite()
        var content = SimExchange.Content()
        content.policies = [Self.policy(Self.first)]
        let hub = SimExchange(content)
        let evaluation = Evaluation(engine: site.engine, machine: Self.machine, hardwareID: "h")
        try evaluation.decide(try evaluation.read(hub), keeping: [])
        try site.engine.handle(EngineSite.one, .chosen)
        try site.engine.handle(EngineSite.one, .planned(try site.run(), EngineSite.plan))
        try site.engine.handle(EngineSite.one, .fetched(try site.run()))
        try site.engine.handle(EngineSite.one, .unpacked(try site.run()))
        try site.engine.handle(EngineSite.one, .turnGranted(try site.run(), group: nil))
        hub.change { $0.policies = [Self.policy(Self.later)] }
        #expect(try evaluation.read(hub).replaced.isEmpty)
    }
}
