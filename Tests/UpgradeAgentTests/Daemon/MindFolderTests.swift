import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// Folders of attempts that are over go; if not at once, then later, and not only at the next start.
@Suite struct MindFolderTests {
    @Test func `the folder of a job that was given back`() throws {
        let site = try MindSite()
        let ticket = try site.handOver().ticket
        let away = Layout.jobs.appending(ticket.text + ".reclaimed")
        site.tree.setFault { $0.operation == "remove folder" && $0.path == away ? .other : nil }
        site.deeds.add(.giveBack(ticket, reason: "the journal cannot be made"))
        try site.run { $0.isEnded }
        #expect(try site.tree.entry(away) != nil)
        site.tree.setFault(nil)
        site.run(turns: 1)
        #expect(try site.tree.entry(away) == nil)
    }

    /// The word does not wait for a folder.
    @Test func `the hub hears of a job that was given back, even if its folder stays`() throws {
        let site = try MindSite(policies: [NodeManagementPolicy(id: EngineSite.one, manifest: "m")])
        let ticket = try site.handOver().ticket
        let away = Layout.jobs.appending(ticket.text + ".reclaimed")
        site.tree.setFault { $0.operation == "remove folder" && $0.path == away ? .other : nil }
        site.run(turns: 2)
        site.deeds.add(.giveBack(ticket, reason: "the journal cannot be made"))
        let before = site.hubRings
        _ = site.mind.step()
        #expect(site.job.isEnded)
        #expect(site.hubRings > before)
    }

    @Test func `folders are looked for again where their names could not be read`() throws {
        let site = try MindSite()
        let ticket = Ticket(high: 0, low: 1)
        try site.tree.put(Layout.jobs, [])
        site.run(turns: 1)
        try site.tree.removeTree(Layout.jobs)
        try site.tree.makeFolders(Layout.job(ticket))
        site.run(turns: 1)
        #expect(try site.tree.entry(Layout.job(ticket)) == nil)
    }

    @Test func `the folder of a trial that a memory begun anew knows nothing of`() throws {
        let site = try MindSite()
        for link in [Layout.current, Layout.recover] { try site.tree.setLink(link, to: Layout.linkText(1)) }
        let ticket = Ticket(high: 0, low: 1)
        try site.journal(ticket, [.begun(oldRelease: 1, newRelease: 2, format: 1), .switchIntended, .rollbackIntended(cause: "sick")])
        try site.mind.wakeUp()
        #expect(try site.tree.entry(Layout.job(ticket)) != nil)
        var journal = try #require(try Journal.open(Layout.journal(ticket), in: site.tree, clock: site.clock))
        try journal.write(.rolledBack)
        site.run(turns: 1)
        #expect(try site.tree.entry(Layout.job(ticket)) == nil)
    }
}
