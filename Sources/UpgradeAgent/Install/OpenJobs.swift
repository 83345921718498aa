import UpgradeCore
import UpgradeModel
import UpgradePorts

/// The job folders of a node, as everybody looks at them: agent, installer, supervisor.
package struct OpenJobs {
    /// One job folder with a journal.
    package struct Job: Hashable, Sendable {
        /// Its name.
        package let ticket: Ticket
        /// What the journal says.
        package let reading: JournalReading
    }

    private let tree: any FileTree

    /// Looks into the state folder.
    package init(tree: any FileTree) { self.tree = tree }

    /// Every job folder's ticket, sorted.
    package func tickets() throws(FileError) -> [Ticket] {
        do {
            return try tree.list(Layout.jobs).compactMap { Ticket($0) }
        } catch  where error.kind == .missing {
            return []
        }
    }

    /// Jobs whose journal exists.
    package func journaled() throws(FileError) -> [Job] {
        var jobs: [Job] = []
        for ticket in try tickets() {
            guard let reading = try Journal.look(Layout.journal(ticket), in: tree) else { continue }
            jobs.append(Job(ticket: ticket, reading: reading))
        }
        return jobs
    }

    /// The job whose installer has begun and not ended: at most one by the install lock; one beyond its switch goes first.
    package func unfinished() throws(FileError) -> Job? {
        let open = try journaled().filter { !$0.reading.isFinal && !$0.reading.records.isEmpty }
        return open.first { $0.reading.isBeyondSwitch } ?? open.first
    }
}
