import UpgradeModel

/// What a release's agent is like when it is started: the healthy one, or one of the sick ones.
package struct SimProgram: Hashable, Sendable {
    /// The release that `current` names.
    package var release: Int
    /// The version that it says it has.
    package var version: String
    /// The job that it believes to be on trial, if any.
    package var ticket: String?
    /// It cannot be started: no such program, or none that the system runs.
    package var cannotStart = false
    /// It ends as soon as it is started.
    package var exitsAtOnce = false
    /// It answers this long after its start; nil = never.
    package var readyAfter: Duration? = .milliseconds(300)
    /// It ends this long after its start; nil = never.
    package var diesAfter: Duration?
    /// What it says is wrong with its database.
    package var databaseTrouble = ""
    /// Its TCP port is open.
    package var answersOverTCP = true
    /// It says that it runs in another boot.
    package var otherBoot = false

    /// A healthy one.
    package init(release: Int, version: String, ticket: String? = nil) {
        self.release = release
        self.version = version
        self.ticket = ticket
    }
}
