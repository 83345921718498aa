import UpgradeCore
import UpgradeModel
import UpgradePorts

/// What is to be started on this node now, told by links and journals alone: the supervisor's knowledge. Source: install.md, "What starts what".
package struct BootPath: Sendable {
    private let tree: any FileTree
    private let stateFolder: String

    /// - Parameters:
    ///   - tree: the state folder's.
    ///   - stateFolder: its absolute path.
    package init(tree: any FileTree, stateFolder: String) {
        self.tree = tree
        self.stateFolder = stateFolder
    }

    /// A program of a release and the release's number.
    package struct Program: Hashable, Sendable {
        /// Absolute path of `upliftd`.
        package let path: String
        /// Its release.
        package let release: Int
    }

    /// A job that an installer has begun and not ended.
    package struct OpenJob: Hashable, Sendable {
        /// Its name.
        package let ticket: Ticket
        /// The program that goes on with it: of the old release, named in the first record.
        package let installer: Program
    }

    /// The agent that `current` names.
    package func agent() throws -> Program { try program(Layout.current) }

    /// The last committed release: what boots.
    package func entry() throws -> Program { try program(Layout.recover) }

    /// The job that has to be recovered before any agent is started; nil when there is none. A trial whose journal is lost is one too.
    package func openJob() throws -> OpenJob? {
        if let job = try OpenJobs(tree: tree).unfinished(), let old = job.reading.releases?.old {
            return OpenJob(ticket: job.ticket, installer: program(of: old))
        }
        return try ReleaseLinks(tree: tree).uncommitted().map { OpenJob(ticket: $0.ticket, installer: program(of: $0.old)) }
    }

    /// The program that installs a fresh job: of the running release, which the job calls the old one.
    package func installer(for ticket: Ticket) throws -> Program {
        program(of: try HandoverDocument.read(ticket, in: tree).handover.oldRelease)
    }

    private func program(_ link: TreePath) throws -> Program {
        guard let number = try tree.release(at: link) else {
            throw ReleaseError("\(stateFolder)/\(link) names no release: run `upliftd install --first PACKAGE`")
        }
        return program(of: number)
    }

    private func program(of release: Int) -> Program { Program(path: stateFolder + "/" + Layout.program(release).text, release: release) }
}
