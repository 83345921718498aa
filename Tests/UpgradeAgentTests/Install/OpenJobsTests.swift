import Testing
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// One job folder that nobody can read keeps nobody from the others.
@Suite struct OpenJobsTests {
    private let tree = SimFileTree()
    private let bad = Ticket(high: 1, low: 1)
    private let good = Ticket(high: 2, low: 2)

    private func makeJobs() throws {
        try tree.makeDirectory(Layout.jobs, mode: 0o755)
        for ticket in [bad, good] { try tree.makeDirectory(Layout.job(ticket), mode: 0o700) }
        try tree.makeDirectory(Layout.journal(bad), mode: 0o700)
        var journal = try Journal.create(Layout.journal(good), in: tree, clock: SimClock())
        try journal.write(.begun(oldRelease: 1, newRelease: 2, format: Journal.format))
        try journal.write(.switchIntended)
    }

    @Test func `a folder in the place of a journal is told and passed over`() throws {
        try makeJobs()
        let survey = try OpenJobs(tree: tree).survey()
        #expect(survey.jobs.map(\.ticket) == [good])
        #expect(survey.unreadable.map(\.ticket) == [bad])
    }

    @Test func `the job that can be read is the one to go on with`() throws {
        try makeJobs()
        #expect(try OpenJobs(tree: tree).unfinished()?.ticket == good)
    }

    @Test func `without any folder there is nothing`() throws {
        let survey = try OpenJobs(tree: tree).survey()
        #expect(survey.jobs.isEmpty && survey.unreadable.isEmpty)
    }
}
