import FoundationEssentials
import UpgradeModel

/// A record of operation status, as NMIS9 writes it. Shape: an object; keys that mean nothing here are null.
///
/// `_id`, `activity`, `status` and `type` may hold words that this version does not write: records of other systems are carried, not judged.
/// Units: `time` in seconds since the epoch with their fraction, `stats.time` in seconds, `expire_at` RFC 3339 with milliseconds.
/// Source: seed `nmis-opstatus.txt`.
package struct OperationDocument: Codable, Hashable, Sendable {
    /// `context`: who did it, and for whom.
    package struct Context: Codable, Hashable, Sendable {
        /// `org/node`.
        package var node_uuid: String?
        /// The attempt that it belongs to.
        package var queue_id: String?
        /// `org/policy`.
        package var queue_tag: String?
        /// The process that does it.
        package var worker_process: Int?
        /// What of it is done.
        package var worker_progress: String?

        /// Nobody.
        package init() {}

        package func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: CodingKeys.self)
            try fields.encode(node_uuid, forKey: .node_uuid)
            try fields.encode(queue_id, forKey: .queue_id)
            try fields.encode(queue_tag, forKey: .queue_tag)
            try fields.encode(worker_process, forKey: .worker_process)
            try fields.encode(worker_progress, forKey: .worker_progress)
        }
    }

    /// `stats`.
    package struct Statistics: Codable, Hashable, Sendable {
        /// How long it took.
        package var time: Double

        /// Memberwise.
        package init(time: Double) { self.time = time }
    }

    /// The record's name; unique on a node.
    package var id: String
    /// What kind of work.
    package var activity: String
    /// Who did it, and for whom.
    package var context: Context
    /// One sentence.
    package var details: String
    /// From when on it may be removed.
    package var expire_at: String?
    /// How long it took.
    package var stats: Statistics
    /// `ok` or `error`; null while the work has not ended.
    package var status: String?
    /// When it was last written.
    package var time: Double
    /// `queued`, `running`, `completed`, `stopped` or `exception`.
    package var type: String

    private enum CodingKeys: String, CodingKey {
        case id = "_id"
        case activity, context, details, expire_at, stats, status, time, type
    }

    /// What a node says of one of its records.
    /// - Parameter node: `org/node`; nil before it is registered.
    package init(_ operation: Operation, node: String?) {
        id = operation.id
        activity = operation.activity.rawValue
        context = Context()
        context.node_uuid = node
        context.queue_id = operation.ticket?.text
        context.queue_tag = operation.policy?.text
        context.worker_process = operation.process
        context.worker_progress = operation.progress
        details = operation.details
        expire_at = operation.expires.rfc3339(fractionDigits: 3)
        stats = Statistics(time: operation.time / .seconds(1))
        status = operation.succeeded.map { $0 ? "ok" : "error" }
        time = operation.at.duration(since: UTCInstant(secondsSinceEpoch: 0)) / .seconds(1)
        type = operation.stage.rawValue
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(id, forKey: .id)
        try fields.encode(activity, forKey: .activity)
        try fields.encode(context, forKey: .context)
        try fields.encode(details, forKey: .details)
        try fields.encode(expire_at, forKey: .expire_at)
        try fields.encode(stats, forKey: .stats)
        try fields.encode(status, forKey: .status)
        try fields.encode(time, forKey: .time)
        try fields.encode(type, forKey: .type)
    }
}
