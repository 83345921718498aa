import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// A commit that says it failed may have taken effect: what it would have done is done once that is known.
@Suite struct DoubtfulCommitTests {
    @Test func `the folder of a job that has ended so goes`() throws {
        let site = try EngineSite()
        try site.match()
        try site.engine.handle(EngineSite.one, .chosen)
        let run = try site.run()
        site.store.fail(commit: site.store.commits + 1, .after(EngineSite.broken))
        let end = JobEvent.nothingToDo(run, reason: "", versions: [:])
        #expect(throws: StoreError.self) { try site.engine.handle(EngineSite.one, end) }
        #expect(!site.effects.all.contains(.removeFolder(run.ticket)))
        try site.engine.settle()
        #expect(site.job()?.status == .noActionRequired)
        #expect(site.effects.all.contains(.removeFolder(run.ticket)))
    }

    @Test func `the folder of a job that goes on stays`() throws {
        let site = try EngineSite()
        try site.match()
        try site.engine.handle(EngineSite.one, .chosen)
        let run = try site.run()
        site.store.fail(commit: site.store.commits + 1, .after(EngineSite.broken))
        #expect(throws: StoreError.self) { try site.engine.handle(EngineSite.one, .planned(run, EngineSite.plan)) }
        try site.engine.settle()
        #expect(!site.effects.all.contains(.removeFolder(run.ticket)))
    }

    /// The cursor of the change feed may have moved on, and nobody has looked at what it passed.
    @Test func `what was read from the hub is looked at all the same`() throws {
        let site = try MindSite()
        _ = site.hub.step()
        site.exchange.change {
            $0.policies = [NodeManagementPolicy(id: EngineSite.one, manifest: "m")]
            $0.changed = ["mgmtpolicy"]
            $0.change += 1
        }
        site.engine.store.fail(commit: site.engine.store.commits + 1, .after(EngineSite.broken))
        site.clock.advance(by: .seconds(3600))
        _ = site.hub.step()
        #expect(site.job == nil)
        try site.engine.engine.settle()
        site.clock.advance(by: .seconds(3600))
        _ = site.hub.step()
        #expect(site.job?.status == .waiting)
    }

    /// What the hub has set to `reset` stands there until somebody looks again.
    @Test func `a status that was changed at the hub is looked at all the same`() throws {
        let site = try MindSite(policies: [NodeManagementPolicy(id: EngineSite.one, manifest: "m")])
        _ = site.hub.step()
        try site.engine.engine.handle(EngineSite.one, .chosen)
        _ = site.hub.step()
        #expect(site.engine.words.isEmpty)
        site.exchange.change {
            $0.statuses = [EngineSite.one: .reset]
            $0.changed = ["nodemgmtpolstatus"]
            $0.change += 1
        }
        site.engine.store.fail(commit: site.engine.store.commits + 1, .after(EngineSite.broken))
        for _ in 1...2 {
            site.clock.advance(by: .seconds(3600))
            _ = site.hub.step()
        }
        #expect(site.job?.ticket == nil)
        #expect(site.exchange.content.statuses == [EngineSite.one: .waiting])
    }

    /// Nobody else would ask: the job is gone, or begins anew on terms that may be old.
    @Test(arguments: ["now", "tomorrow"]) func `a job that was reset so is looked for at the hub again`(start: String) throws {
        let site = try EngineSite()
        let terms = JobTerms(manifest: "acme/m", allowDowngrade: false, start: start, startWindow: 0)
        try site.engine.handle(EngineSite.one, .matched(terms, lastUpdated: nil))
        site.store.fail(commit: site.store.commits + 1, .after(EngineSite.broken))
        #expect(throws: StoreError.self) { try site.engine.reset([EngineSite.one]) }
        #expect(site.effects.all.isEmpty)
        try site.engine.settle()
        #expect(site.effects.all == [.evaluate])
    }

    /// Whoever comes up after a power cut finds the way back in the job's folder.
    @Test func `the folder of a trial whose record is lost stays until the installer has ended`() throws {
        let site = try MindSite()
        let ticket = try site.handOver().ticket
        try site.journal(ticket, [.begun(oldRelease: 1, newRelease: 2, format: 1), .switchIntended])
        site.run(turns: 1)
        #expect(site.job?.isBeyondSwitch == true)
        try site.engine.store.damage(job: EngineSite.one)
        site.engine.store.fail(commit: site.engine.store.commits + 1, .before(EngineSite.broken))
        #expect(throws: StoreError.self) { try site.engine.engine.record([.set(.group, "g")]) }
        site.run(turns: 3)
        #expect(site.job?.status == .unknown)
        #expect(try site.tree.entry(Layout.journal(ticket)) != nil)
        #expect(site.engine.engine.snapshot.isRestricted)
        var journal = try #require(try Journal.open(Layout.journal(ticket), in: site.tree, clock: site.clock))
        try journal.write(.rollbackIntended(cause: "sick"))
        try journal.write(.rolledBack)
        site.run(turns: 2)
        #expect(try site.tree.entry(Layout.job(ticket)) == nil)
    }

    /// Who chose it once does not choose it again.
    @Test func `a job that was chosen so is not chosen again`() throws {
        let site = try MindSite(policies: [NodeManagementPolicy(id: EngineSite.one, manifest: "m")])
        site.askHub()
        #expect(site.job?.status == .waiting)
        site.engine.store.fail(commit: site.engine.store.commits + 1, .after(EngineSite.broken))
        site.run(turns: 3)
        #expect(site.job?.isActive == true)
        #expect(site.engine.engine.snapshot.counters.lastRejection == nil)
    }
}
