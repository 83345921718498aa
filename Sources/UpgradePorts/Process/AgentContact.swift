import UpgradeModel

/// How the installer speaks to the running agent, over its local socket. Source: install.md, "Health and commit".
package protocol AgentContact: Sendable {
    /// What the agent says of itself, if it answers.
    func evidence() throws(ContactFailure) -> AgentEvidence
    /// The same through the local API's TCP port.
    func evidenceOverTCP() throws(ContactFailure) -> AgentEvidence
    /// Orders a fresh hub probe from the agent, without back-off.
    func probeHub() throws(ContactFailure) -> ProbeResult
    /// Tells the agent that the journal has news. Nobody there is fine.
    func nudge()
    /// Tells the agent on trial what the verdict waits for, to be shown to people. Nobody there is fine.
    func explain(_ ticket: Ticket, waitsFor reason: String, nextProbe: UTCInstant)
    /// Tells the agent that there will be no journal for this job, and why. Nobody there is fine.
    func giveBack(_ ticket: Ticket, reason: String)
}

/// What an agent says of itself. Only facts that the installer can compare with what it knows; the word alone is no proof.
package struct AgentEvidence: Codable, Hashable, Sendable {
    /// The boot it runs in.
    package let bootID: String
    /// Its process.
    package let pid: Int32
    /// When it started, seconds since boot.
    package let startedSinceBoot: Double
    /// The release whose program and database it uses.
    package let release: Int
    /// Its software version, from the descriptor beside it.
    package let version: String
    /// The job that it knows to be on trial.
    package let ticket: String?
    /// Empty when its database is open and sound, otherwise what is wrong.
    package let databaseTrouble: String

    /// Memberwise.
    package init(
        bootID: String, pid: Int32, startedSinceBoot: Double, release: Int, version: String, ticket: String?, databaseTrouble: String
    ) {
        self.bootID = bootID
        self.pid = pid
        self.startedSinceBoot = startedSinceBoot
        self.release = release
        self.version = version
        self.ticket = ticket
        self.databaseTrouble = databaseTrouble
    }
}

/// Asks the hub with the configuration, certificate and identity of one release: the control of the relative probe.
package protocol HubProber: Sendable {
    /// One fresh probe; bounded in time by `probe-timeout-seconds`.
    func probe(release: Int) -> ProbeResult
}

/// The agent did not answer, or not in form.
package struct ContactFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence.
    package let explanation: String

    /// Memberwise.
    package init(_ explanation: String) { self.explanation = explanation }

    package var description: String { explanation }
}
