import UpgradeModel

/// The names below the state folder `/var/lib/uplift`. Source: install.md, "Layout".
package enum Layout {
    /// The state folder, relative to `--root`.
    package static let stateFolder = "var/lib/uplift"
    /// The folder of sockets and port file, relative to `--root`.
    package static let runFolder = "run/uplift"
    /// The agent's socket in the run folder.
    package static let agentSocket = "agent.sock"
    /// The TCP port in the run folder.
    package static let portFile = "agent.port"
    /// Pinned public keys, relative to `--root`.
    package static let trustedKeys = "etc/uplift/trusted-keys.d"

    /// Node id, token and key.
    package static let identity = TreePath.known("identity")
    /// Space that is given up when the disk is full, so that the truth can still be written.
    package static let reserve = TreePath.known("reserve")
    /// One folder an attempt.
    package static let jobs = TreePath.known("jobs")
    /// One folder a release.
    package static let releases = TreePath.known("releases")
    /// Link to the release that runs.
    package static let current = TreePath.known("current")
    /// Link to the last committed release.
    package static let recover = TreePath.known("recover")

    /// An attempt's folder.
    package static func job(_ ticket: Ticket) -> TreePath { jobs.appending(ticket.text) }
    /// Being fetched.
    package static func partial(_ ticket: Ticket) -> TreePath { job(ticket).appending("partial") }
    /// Length, digest and signature are right.
    package static func verified(_ ticket: Ticket) -> TreePath { job(ticket).appending("verified") }
    /// Unpacked and compared.
    package static func staged(_ ticket: Ticket) -> TreePath { job(ticket).appending("staged") }
    /// The packages of before, and the list of what leads back to them.
    package static func back(_ ticket: Ticket) -> TreePath { job(ticket).appending("back") }
    /// Files of an Open Horizon agent as they were before its upgrade.
    package static func saved(_ ticket: Ticket) -> TreePath { back(ticket).appending("saved") }
    /// Where the upgrade script of an Open Horizon agent runs, with all that it needs.
    package static func script(_ ticket: Ticket) -> TreePath { job(ticket).appending("script") }
    /// What the installer is asked to do.
    package static func plan(_ ticket: Ticket) -> TreePath { job(ticket).appending("plan.json") }
    /// The installer's journal.
    package static func journal(_ ticket: Ticket) -> TreePath { job(ticket).appending("journal") }
    /// What the probes found before the upgrade and during the trial.
    package static func health(_ ticket: Ticket) -> TreePath { job(ticket).appending("health.json") }
    /// What the hooks of the attempt said.
    package static func hookLog(_ ticket: Ticket) -> TreePath { job(ticket).appending("hooks.log") }
    /// The agent asks the installer to stop.
    package static func cancel(_ ticket: Ticket) -> TreePath { job(ticket).appending("cancel") }

    /// A release's folder.
    package static func release(_ number: Int) -> TreePath { releases.appending(String(number)) }
    /// What the package fills.
    package static func software(_ number: Int) -> TreePath { release(number).appending("software") }
    /// The Debian packages of a release, if its strategy is `deb`.
    package static func packages(_ number: Int) -> TreePath { software(number).appending("packages") }
    /// The agent's program of a release.
    package static func program(_ number: Int) -> TreePath { software(number).appending("bin").appending("upliftd") }
    /// The package's descriptor.
    package static func descriptor(_ number: Int) -> TreePath { software(number).appending("upgrade-package.json") }
    /// Settings that the release brought.
    package static func configuration(_ number: Int) -> TreePath { release(number).appending("configuration") }
    /// CA certificate that the release brought.
    package static func certificate(_ number: Int) -> TreePath { release(number).appending("certificate") }
    /// The agent's database.
    package static func database(_ number: Int) -> TreePath { release(number).appending("agent.db") }
    /// What SQLite has not yet moved into the database.
    package static func databaseLog(_ number: Int) -> TreePath { release(number).appending("agent.db-wal") }
    /// What the release is.
    package static func releaseFile(_ number: Int) -> TreePath { release(number).appending("release.json") }

    /// The text of a link to a release.
    package static func linkText(_ number: Int) -> String { "releases/\(number)" }

    /// The release that a link's text names; nil when it is not one of ours.
    package static func releaseNumber(ofLink text: String) -> Int? {
        guard text.hasPrefix("releases/"), let number = Int(text.dropFirst("releases/".count)), number > 0, linkText(number) == text else {
            return nil
        }
        return number
    }
}
