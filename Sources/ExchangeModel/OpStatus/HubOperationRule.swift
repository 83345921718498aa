import UpgradeModel
import UpgradeWire

/// What the hub takes of a node's records of operation status, how long it keeps them, and what may be asked.
package enum HubOperationRule {
    /// How long the hub keeps what has ended, from when it was told. Source: seed `nmis-opstatus.txt`, `purge_opstatus_after`.
    package static let keep = Duration.seconds(5_184_000)
    /// Most records of one node, and of one activity of the hub itself; of more the oldest that ended go first.
    package static let rowsMax = 500
    /// Most records in one report of a node.
    package static let batchMax = 500
    /// Most records in one answer.
    package static let pageMax = 500
    /// Longest id, activity and the like: an agent's ids hold names of an org and a policy. Bytes.
    package static let wordMax = 1_024
    /// Longest health, as JSON. Bytes.
    package static let healthMax = 64 << 10
    /// Longest sentence. Bytes.
    package static let detailsMax = 8_192

    /// A record as it is kept, refused with 400 when it is more than a record.
    /// - Parameters:
    ///   - node: who tells it, whatever the record says.
    ///   - now: of the hub, which reckons by no clock of a node.
    package static func kept(_ record: OperationDocument, of node: HubNodePlace, at now: UTCInstant) throws(Refusal) -> HubOperation {
        var record = record
        let words: [(name: String, value: String?)] = [
            ("_id", record.id), ("activity", record.activity), ("type", record.type), ("status", record.status),
            ("context.queue_id", record.context.queue_id), ("expire_at", record.expire_at),
        ]
        for (name, value) in words where (value ?? "").utf8.count > wordMax {
            throw .badInput("'opstatus' has a record whose '\(name)' is longer than \(wordMax) bytes")
        }
        if record.id.isEmpty { throw .badInput("'opstatus' has a record without '_id'") }
        let texts = [record.details, record.context.worker_progress ?? "", record.context.queue_tag ?? ""]
        if texts.contains(where: { $0.utf8.count > detailsMax }) {
            throw .badInput("the record '\(VisibleText.escaping(record.id))' has a text that is longer than \(detailsMax) bytes")
        }
        record.context.node_uuid = "\(node.org)/\(node.id)"
        return HubOperation(node: node, document: record, expires: now.adding(keep))
    }

    /// A record of the hub's own work.
    package static func own(_ operation: Operation) -> HubOperation {
        var operation = operation
        operation.expires = operation.at.adding(keep)
        return HubOperation(node: nil, document: OperationDocument(operation, node: nil), expires: operation.expires)
    }

    /// Reads a query. An administrator of an org sees what the nodes of the own org told, others who may ask see all.
    package static func query(_ query: [String: String], caller: Caller) throws(Refusal) -> HubOperationQuery {
        var result = HubOperationQuery(caller.role == .orgAdmin ? .org(caller.org) : .everybody, max: pageMax)
        for (name, value) in query.sorted(by: { $0.key < $1.key }) {
            switch name {
            case "activity": result.activity = value
            case "type": result.type = try word(name, value, Operation.Stage.allCases.map(\.rawValue))
            case "status": result.status = try word(name, value, ["ok", "error"])
            case "policy": result.policy = value
            case "since": result.since = try moment(name, value)
            case "until": result.until = try moment(name, value)
            case "node": result.owner = try owner(value, caller)
            case "below": result.below = try number(name, value, most: .max)
            case "last": result.max = Int(try number(name, value, most: Int64(pageMax)))
            default: throw .badInput("'\(name)' is not known here; known: activity, below, last, node, policy, since, status, type, until")
            }
        }
        return result
    }

    private static func owner(_ text: String, _ caller: Caller) throws(Refusal) -> HubOperationQuery.Owner {
        if text == "hub", caller.role != .orgAdmin { return .hub }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw .badInput("'node' is '\(text)'; it must be ORG/NODE, or for administrators of the hub 'hub'")
        }
        let place = HubNodePlace(org: String(parts[0]), id: String(parts[1]))
        if caller.role == .orgAdmin, place.org != caller.org { throw .accessDenied("Access denied: '\(text)' is of another organization") }
        return .node(place)
    }

    private static func word(_ name: String, _ value: String, _ valid: [String]) throws(Refusal) -> String {
        if valid.contains(value) { return value }
        throw .badInput("'\(name)' is '\(value)'; valid: \(valid.joined(separator: ", "))")
    }

    private static func moment(_ name: String, _ value: String) throws(Refusal) -> UTCInstant {
        if let moment = UTCInstant(rfc3339: value) { return moment }
        throw .badInput("'\(name)' is '\(value)'; it must be a time such as 2026-01-31T02:00:00Z")
    }

    private static func number(_ name: String, _ value: String, most: Int64) throws(Refusal) -> Int64 {
        if let number = Int64(value), number >= 1, number <= most { return number }
        throw .badInput("'\(name)' is '\(value)'; it must be a whole number from 1\(most == .max ? "" : " to \(most)")")
    }
}
