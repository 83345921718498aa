import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// A journal that cannot be read concerns its own job alone: the others go on, a trial stays a trial, and nothing of the job is thrown away.
@Suite struct MindJournalTests {
    /// Before every drawn ticket, so that it is read first.
    private static let bad = Ticket(high: 0, low: 1)
    private static let switching: [JournalRecord.Step] = [.begun(oldRelease: 1, newRelease: 2, format: 1), .stopIntended, .switchIntended]

    private func onTrial() throws -> (site: MindSite, ticket: Ticket) {
        let site = try MindSite()
        let ticket = try site.handOver().ticket
        try site.journal(ticket, Self.switching)
        return (site, ticket)
    }

    /// `current` names the new release, which nobody committed; its agent has not read a journal yet.
    private func unreadTrial() throws -> (site: MindSite, ticket: Ticket) {
        let before = try MindSite()
        let ticket = try before.handOver().ticket
        let part = ReleaseDocument.Part(version: "2", digest: "")
        let document = ReleaseDocument(software: part, configuration: part, certificate: part, strategy: .tree, job: ticket.text)
        try before.tree.put(Layout.releaseFile(2), document.bytes)
        try before.tree.setLink(Layout.current, to: Layout.linkText(2))
        try before.spoilJournal(ticket)
        return (try MindSite(tree: before.tree, database: before.engine.database, release: 2), ticket)
    }

    private func isRestricted(_ site: MindSite) -> Bool { site.engine.engine.snapshot.isRestricted }

    /// The installer has written a record and not synced it when the agent reads it, and then the power goes.
    @Test func `what is taken in cannot be taken back by a power cut`() throws {
        let (site, ticket) = try onTrial()
        for folder in [TreePath.root, Layout.jobs] { try site.tree.syncDirectory(folder) }
        try site.mind.wakeUp()
        var journal = try #require(try Journal.open(Layout.journal(ticket), in: site.tree, clock: site.clock))
        site.tree.setFault { $0.operation == "sync" ? .other : nil }
        #expect(throws: FileError.self) { try journal.write(.rollbackIntended(cause: "sick")) }
        site.tree.setFault(nil)
        try site.mind.wakeUp()
        #expect(site.job?.status == .rollbackStarted)
        let found = SimFileTree(site.tree.disk.afterPowerCut(losing: .everything))
        #expect(try Journal.look(Layout.journal(ticket), in: found)?.records.last?.step == .rollbackIntended(cause: "sick"))
    }

    // MARK: The others

    @Test func `the records of the others are taken in`() throws {
        let (site, _) = try onTrial()
        try site.spoilJournal(Self.bad)
        try site.mind.wakeUp()
        #expect(site.job?.isBeyondSwitch == true)
        #expect(isRestricted(site))
        #expect(try site.tree.entry(Layout.journal(Self.bad)) != nil)
    }

    @Test func `one of a job that nobody knows keeps nobody from starting and waking`() throws {
        let site = try MindSite(policies: [NodeManagementPolicy(id: EngineSite.one, manifest: "m")])
        try site.spoilJournal(Self.bad)
        try site.mind.wakeUp()
        site.askHub()
        try site.run { $0?.failures == 2 }
        #expect(!isRestricted(site))
        #expect(site.lines.value.filter { $0.hasPrefix("the journal of job \(Self.bad) cannot be read") }.count == 1)
    }

    @Test func `jobs wake though not even the names of the job folders can be read`() throws {
        let site = try MindSite()
        try site.engine.match()
        try site.engine.engine.handle(EngineSite.one, .chosen)
        try site.tree.put(Layout.jobs, "no folder")
        try site.run { $0?.failures == 2 }
    }

    @Test func `a folder that cannot be removed does not keep the agent from its work`() throws {
        let site = try MindSite()
        let (stays, goes) = (Layout.job(Self.bad), Layout.job(Ticket(high: 9, low: 9)))
        for folder in [stays, goes] { try site.tree.makeFolders(folder) }
        site.tree.setFault { $0.path == stays ? .other : nil }
        try site.mind.wakeUp()
        #expect(try site.tree.entry(stays) != nil)
        #expect(try site.tree.entry(goes) == nil)
        site.run(turns: 2)
        #expect(site.lines.value.filter { $0.hasPrefix("a job folder that no job knows stays") }.count == 1)
        site.tree.setFault(nil)
        site.run(turns: 1)
        #expect(try site.tree.entry(stays) == nil)
    }

    // MARK: A trial

    @Test func `a trial goes on being one, also after a restart, and its folder stays`() throws {
        let (site, ticket) = try onTrial()
        try site.mind.wakeUp()
        try site.spoilJournal(ticket)
        site.run(turns: 5)
        #expect(isRestricted(site))
        #expect(site.lines.value.filter { $0.contains("cannot be read") }.count == 1)
        let again = try MindSite(tree: site.tree, database: site.engine.database)
        try again.mind.wakeUp()
        again.run(turns: 5)
        #expect(isRestricted(again))
        #expect(again.job?.isBeyondSwitch == true)
        #expect(try site.tree.entry(Layout.journal(ticket)) != nil)
    }

    @Test func `an agent on trial that never read the journal learns it from the links`() throws {
        let (site, _) = try unreadTrial()
        try site.mind.wakeUp()
        #expect(site.job?.isBeyondSwitch == false)
        #expect(isRestricted(site))
        try site.tree.setLink(Layout.recover, to: Layout.linkText(2))
        site.run(turns: 2)
        #expect(!isRestricted(site))
    }

    // MARK: Its own job

    @Test func `before the switch the installer gives it back`() throws {
        let site = try MindSite()
        let ticket = try site.handOver().ticket
        try site.spoilJournal(ticket)
        site.deeds.add(.giveBack(ticket, reason: "the journal cannot be read"))
        try site.run { $0.isEnded }
        #expect(site.job?.status == .precheckFailed)
        #expect(site.job?.message == "the journal cannot be read")
        #expect(try site.tree.entry(Layout.job(ticket)) == nil)
    }

    @Test func `before the switch it ends at its deadline, and is asked for once a minute only`() throws {
        let site = try MindSite()
        let ticket = try site.handOver().ticket
        try site.spoilJournal(ticket)
        let lock = site.locks.take(.install)
        site.run(turns: 2000)
        #expect(site.job?.handover != nil)
        #expect(!site.lines.value.contains { $0.hasPrefix("cannot go on") })
        lock?.release()
        try site.run { $0.isEnded }
        #expect(site.job?.status == .precheckFailed)
    }

    @Test func `beyond the switch it is not given back`() throws {
        for (site, ticket) in [try unreadTrial(), try onTrial()] {
            try site.mind.wakeUp()
            try site.spoilJournal(ticket)
            site.deeds.add(.giveBack(ticket, reason: "the journal cannot be read"))
            site.run(turns: 3)
            #expect(site.job?.handover != nil)
            #expect(try site.tree.entry(Layout.journal(ticket)) != nil)
            #expect(site.engine.engine.snapshot.counters.rejected == 0)
        }
    }
}
