import UpgradeCore
import UpgradeModel
import UpgradePorts

/// How often the machine moved, and how often it said no.
package struct EngineCounters: Hashable, Sendable, Codable {
    /// Committed steps.
    package var moved = 0
    /// Late or repeated answers.
    package var stale = 0
    /// Events that cannot happen.
    package var rejected = 0
    /// The last of those, in words.
    package var lastRejection: String?
}

extension StoredNode {
    /// An installer has a job.
    var hasHandedOver: Bool { jobs.values.contains { $0.handover != nil } }
}

/// What is known at one moment.
package struct EngineSnapshot: Sendable {
    /// Jobs by policy.
    package let jobs: [PolicyID: JobState]
    /// Rows still owed, in order.
    package let outbox: [OutboxRow]
    /// Rows that cannot be delivered.
    package let undeliverable: [UndeliverableRow]
    /// Single values.
    package let keys: [StoreKey: String]
    /// How often the machine moved.
    package let counters: EngineCounters
    /// What the probes of each policy's last attempt found.
    package let health: [PolicyID: HealthReport]
    /// Work that has not ended, by the id of its record.
    package let openOperations: [String: Operation]
    /// On trial, or on the way back.
    package let isRestricted: Bool

    /// The policy whose job keeps every other one from starting.
    package var active: PolicyID? { jobs.filter { $0.value.isActive }.keys.min() }

    /// What waits for its start.
    package var waiting: [PolicyID: JobFacts] {
        jobs.compactMapValues { if case .waiting(let facts) = $0 { facts } else { nil } }
    }

    /// The policy whose attempt has this ticket.
    package func policy(of ticket: Ticket) -> PolicyID? { jobs.first { $0.value.ticket == ticket }?.key }
}
