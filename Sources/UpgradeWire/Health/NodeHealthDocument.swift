import UpgradeModel

/// `GET /ping`: a sign of life. Source: seed `dataone-uc10-mn-status-reports.rst`, `ping()`.
package struct PingDocument: Codable, Hashable, Sendable {
    /// `org/node`; empty before it is registered.
    package let node: String
    /// The node's own time, RFC 3339.
    package let time: String
    /// The software that runs.
    package let version: String

    /// Memberwise.
    package init(node: String, time: String, version: String) {
        self.node = node
        self.time = time
        self.version = version
    }
}

/// `GET /getStatus`: how a node is, absolutely; its place in the fleet is the hub's to say. What is not known is left out.
/// Source: seed `dataone-uc10-mn-status-reports.rst`, `getStatus()`.
package struct NodeHealthDocument: Codable, Hashable, Sendable {
    /// The machine.
    package struct Machine: Codable, Hashable, Sendable {
        /// Averages over 1, 5 and 15 minutes.
        package var load: [Double]?
        /// Bytes.
        package var memoryBytes: Int64?
        /// Bytes that programs could still have.
        package var availableMemoryBytes: Int64?
        /// Bytes that the agent holds.
        package var residentBytes: Int64?
        /// Bytes that are free on the disk with the state folder.
        package var freeDiskBytes: Int64?

        /// What the kernel and the disk say.
        package init(_ figures: MachineFigures, freeDiskBytes: Int64?) {
            load = figures.load
            memoryBytes = figures.memoryBytes
            availableMemoryBytes = figures.availableMemoryBytes
            residentBytes = figures.residentBytes
            self.freeDiskBytes = freeDiskBytes
        }
    }

    /// What the agent has done since it started.
    package struct Work: Codable, Hashable, Sendable {
        /// How long ago it started, seconds.
        package var uptimeSeconds: Double
        /// Bytes of packages that came over the network.
        package var fetchedBytes: Int64
        /// The same a second, on average.
        package var fetchedBytesPerSecond: Double
        /// Transactions that were committed.
        package var transactions: Int
        /// The same a second, on average.
        package var transactionsPerSecond: Double
        /// Polls that were answered.
        package var polls: Int
        /// Polls that were not.
        package var failedPolls: Int

        /// Memberwise; averages are made of the rest.
        package init(uptimeSeconds: Double, fetchedBytes: Int64, transactions: Int, polls: Int, failedPolls: Int) {
            self.uptimeSeconds = uptimeSeconds
            self.fetchedBytes = fetchedBytes
            self.transactions = transactions
            self.polls = polls
            self.failedPolls = failedPolls
            fetchedBytesPerSecond = uptimeSeconds > 0 ? Double(fetchedBytes) / uptimeSeconds : 0
            transactionsPerSecond = uptimeSeconds > 0 ? Double(transactions) / uptimeSeconds : 0
        }
    }

    /// The job of one policy.
    package struct Job: Codable, Hashable, Sendable {
        /// `org/policy`.
        package var policy: String
        /// The status word.
        package var status: String
        /// The state's own name, more exact than the word.
        package var state: String
        /// How long it is in this state, seconds; nil when nobody knows.
        package var ageSeconds: Double?
        /// What it waits for; empty when it is over and there is nothing to explain.
        package var waitsFor: String
        /// Until when at the latest, RFC 3339.
        package var until: String?
        /// Failed tries of the present attempt.
        package var failedTries: Int

        /// Memberwise.
        package init(
            policy: String, status: String, state: String, ageSeconds: Double?, waitsFor: String, until: String?, failedTries: Int
        ) {
            self.policy = policy
            self.status = status
            self.state = state
            self.ageSeconds = ageSeconds
            self.waitsFor = waitsFor
            self.until = until
            self.failedTries = failedTries
        }
    }

    /// Who, and when by its own clock.
    package var ping: PingDocument
    /// Versions that run, per component; an empty one is left out.
    package var versions: [String: String]
    /// The machine.
    package var machine: Machine
    /// What the agent has done.
    package var work: Work
    /// Rows that the hub is still owed.
    package var outbox: Int
    /// Rows that the hub refused for good.
    package var undeliverable: Int
    /// When the hub last answered everything, RFC 3339.
    package var lastGoodContact: String?
    /// What is wrong with the way to the hub.
    package var trouble: String?
    /// Why no upgrade begins, if somebody holds the node.
    package var held: String?
    /// A new release is being judged; nothing is sent meanwhile.
    package var isOnTrial: Bool
    /// All jobs, by policy.
    package var jobs: [Job]

    /// Memberwise.
    package init(
        ping: PingDocument, versions: [String: String], machine: Machine, work: Work, outbox: Int, undeliverable: Int,
        lastGoodContact: String?, trouble: String?, held: String?, isOnTrial: Bool, jobs: [Job]
    ) {
        self.ping = ping
        self.versions = versions
        self.machine = machine
        self.work = work
        self.outbox = outbox
        self.undeliverable = undeliverable
        self.lastGoodContact = lastGoodContact
        self.trouble = trouble
        self.held = held
        self.isOnTrial = isOnTrial
        self.jobs = jobs
    }
}
