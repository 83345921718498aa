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

    /// What all journals say. Each folder counts for itself: one that cannot be read keeps nobody from the others.
    package struct Survey: Sendable {
        /// Jobs whose journal exists and can be read.
        package var jobs: [Job] = []
        /// Jobs whose journal cannot be read, and why.
        package var unreadable: [(ticket: Ticket, error: FileError)] = []
    }

    /// Reads every journal. Errors: when not even the folder of all jobs can be read.
    package func survey() throws(FileError) -> Survey {
        var survey = Survey()
        for ticket in try tickets() {
            do throws(FileError) {
                guard let reading = try Journal.look(Layout.journal(ticket), in: tree) else { continue }
                survey.jobs.append(Job(ticket: ticket, reading: reading))
            } catch {
                survey.unreadable.append((ticket, error))
            }
        }
        return survey
    }

    /// The job whose installer has begun and not ended: at most one by the install lock; one beyond its switch goes first.
    package func unfinished() throws(FileError) -> Job? {
        let open = try survey().jobs.filter { !$0.reading.isFinal && !$0.reading.records.isEmpty }
        return open.first { $0.reading.isBeyondSwitch } ?? open.first
    }
}
