import UpgradeCore
import UpgradeModel

/// The agent's memory: one transaction per step, durable when `commit` returns. Source: architecture, "One commit per step".
package protocol Store: Sendable {
    /// Everything the engine works with, once at start. Rows that cannot be read are set aside and named, never skipped.
    func load() throws(StoreError) -> StoredNode
    /// All changes or none, on disk before it returns.
    func commit(_ changes: [StoreChange]) throws(StoreError)
    /// The newest event-log rows, newest first.
    func events(max: Int) throws(StoreError) -> [EventLogRow]
    /// Operation records that a query asks for, in its order.
    func operations(_ query: OperationQuery) throws(StoreError) -> [Operation]
    /// Removes ended operation records that expired by `now` or were written before the newest `rowsMax` writings, oldest first, at most
    /// `batch` of them in one transaction. How many; less than `batch` = nothing is left to remove.
    func purgeOperations(at now: UTCInstant, rowsMax: Int, batch: Int) throws(StoreError) -> Int
}

/// Opens, makes and copies the databases of releases. Paths are below the state folder.
package protocol StoreOpener: Sendable {
    /// Opens an existing database and migrates it. Errors: `.missing`, `.damaged`, `.newer`.
    func open(_ path: TreePath) throws(StoreError) -> any Store
    /// Makes an empty one. Errors: `.exists` when the file is there.
    func create(_ path: TreePath) throws(StoreError) -> any Store
    /// Renames a damaged database with its side files out of the way; its new path.
    func setAside(_ path: TreePath) throws(StoreError) -> TreePath
    /// A complete, synced copy through SQLite's backup; an unfinished earlier copy is replaced.
    func copy(_ path: TreePath, to target: TreePath) throws(StoreError)
}

/// What the store holds.
package struct StoredNode: Sendable {
    /// Jobs by policy, quarantined ones included.
    package var jobs: [PolicyID: JobState]
    /// Policies whose row was damaged at this load; their job is `.quarantined`.
    package var damaged: [PolicyID]
    /// Rows still owed, in order of number.
    package var outbox: [OutboxRow]
    /// Rows that retrying cannot deliver, in order of number; bounded to the newest 100.
    package var undeliverable: [UndeliverableRow]
    /// Single values.
    package var keys: [StoreKey: String]
    /// What the probes of a policy's last attempt found.
    package var health: [PolicyID: HealthReport]
    /// Operation records that have not ended, by id.
    package var openOperations: [String: Operation]

    /// An empty memory, or memberwise.
    package init(
        jobs: [PolicyID: JobState] = [:], damaged: [PolicyID] = [], outbox: [OutboxRow] = [], undeliverable: [UndeliverableRow] = [],
        keys: [StoreKey: String] = [:], health: [PolicyID: HealthReport] = [:], openOperations: [String: Operation] = [:]
    ) {
        self.jobs = jobs
        self.damaged = damaged
        self.outbox = outbox
        self.undeliverable = undeliverable
        self.keys = keys
        self.health = health
        self.openOperations = openOperations
    }
}

/// Single values of the store.
package enum StoreKey: String, CaseIterable, Sendable {
    /// The change id to ask the exchange for next.
    case nextChange
    /// The highest software version ever committed on this node.
    case softwareFloor
    /// The highest release number ever drawn.
    case lastRelease
    /// The highest outbox number ever given.
    case lastOutboxNumber
    /// The highest number ever given to a writing of an operation record.
    case lastOperation
    /// The highest number of a writing that the hub was told of; only where a hub asks.
    case lastOperationTold
    /// Versions that failed or were rolled back here, a JSON list.
    case failedVersions
    /// The high-availability group that the node was in when its record was read last; absent for none.
    case group
    /// Policies whose reset was taken in and still stands at the exchange, because nothing was sent over it yet, a JSON list.
    case resetsTaken
    /// Who holds the node, since when and why, a JSON object; absent while nobody does.
    case hold
    /// Present while the agent runs on a fresh database in place of a lost one: why.
    case databaseLost
}

/// One change of a transaction.
package enum StoreChange: Hashable, Sendable {
    /// Writes the job of a policy.
    case putJob(PolicyID, JobState)
    /// Forgets the job of a policy, and what its probes found.
    case removeJob(PolicyID)
    /// Keeps what the probes of a policy's last attempt found, in place of what was kept before; nil forgets it.
    case keepHealth(PolicyID, HealthReport?)
    /// Adds a row to the outbox; the caller gives the number. A number that is taken fails the commit with `.other`.
    case owe(OutboxRow)
    /// A row was delivered, or is void.
    case settle(number: Int)
    /// A row that retrying cannot deliver; it leaves the outbox.
    case undeliverable(UndeliverableRow)
    /// Sets or removes a single value.
    case set(StoreKey, String?)
    /// Adds to the event log (bounded to the newest 10,000).
    case log(EventLogRow)
    /// Writes an operation record over the one with its id, if there is one. Its number must be higher than every number before.
    case operation(Operation)
    /// Forgets jobs, with what their probes found, outbox and operation records: the node was unregistered. Undeliverable rows, single values
    /// and the event log stay.
    case forgetAll
}

/// Something owed to the exchange.
package struct OutboxRow: Hashable, Codable, Sendable {
    /// What is to be sent.
    package enum Content: Hashable, Codable, Sendable {
        /// PUT of the policy's status.
        case status(StatusReport)
        /// DELETE of the policy's status.
        case deletion
        /// PATCH of the node's `softwareVersions`.
        case softwareVersions([Component: String])
    }

    /// Order of sending within a policy; never reused.
    package let number: Int
    /// Whose status; `softwareVersions` rows carry the policy that caused them, so they stay in its order.
    package let policy: PolicyID
    /// What is to be sent.
    package let content: Content

    /// Memberwise.
    package init(number: Int, policy: PolicyID, content: Content) {
        self.number = number
        self.policy = policy
        self.content = content
    }
}

/// A status as it was at its moment. Source: contract 1.4.
package struct StatusReport: Hashable, Codable, Sendable {
    /// The word.
    package let status: Status
    /// Schedule, start and end at that moment.
    package let facts: JobFacts
    /// Why; empty when there is nothing to explain.
    package let reason: String

    /// Memberwise.
    package init(status: Status, facts: JobFacts, reason: String) {
        self.status = status
        self.facts = facts
        self.reason = reason
    }
}

/// A row that the exchange refused for good.
package struct UndeliverableRow: Hashable, Codable, Sendable {
    /// The row.
    package let row: OutboxRow
    /// HTTP status code of the last answer.
    package let code: Int
    /// What the exchange said, at most 300 characters.
    package let answer: String
    /// When.
    package let at: UTCInstant

    /// Memberwise.
    package init(row: OutboxRow, code: Int, answer: String, at: UTCInstant) {
        self.row = row
        self.code = code
        self.answer = answer
        self.at = at
    }
}

/// One line for people. Source: contract 3.2, event log.
package struct EventLogRow: Hashable, Codable, Sendable {
    /// When.
    package let at: UTCInstant
    /// `info`, `warning`, `error`.
    package let severity: String
    /// Stable word, `node_management_status_changed`.
    package let code: String
    /// One sentence.
    package let message: String
    /// The policy it is about.
    package let policy: PolicyID?

    /// Memberwise.
    package init(at: UTCInstant, severity: String, code: String, message: String, policy: PolicyID?) {
        self.at = at
        self.severity = severity
        self.code = code
        self.message = message
        self.policy = policy
    }
}

/// A store operation that did not work.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reasons that callers tell apart.
    package enum Kind: String, Hashable, Sendable {
        /// No file.
        case missing
        /// A file is there already.
        case exists
        /// Not a database, or its pages are damaged.
        case damaged
        /// Written by a newer version.
        case newer
        /// The file system is full.
        case noSpace
        /// Anything else.
        case other
    }

    /// Why, in one notion.
    package let kind: Kind
    /// One sentence with the path.
    package let explanation: String

    /// Memberwise.
    package init(_ kind: Kind, _ explanation: String) {
        self.kind = kind
        self.explanation = explanation
    }

    package var description: String { explanation }
}
