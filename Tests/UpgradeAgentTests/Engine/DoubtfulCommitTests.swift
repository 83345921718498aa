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
