import UpgradeModel
import UpgradeWire

/// A record of operation status as the hub keeps it: one of its own, or one that a node told.
package struct HubOperation: Hashable, Sendable {
    /// Who did the work; nil = the hub itself.
    package var node: HubNodePlace?
    /// The record, with the hub's name of the node in it.
    package var document: OperationDocument
    /// From when on the hub removes it, unless it is open then: reckoned by the hub's own clock.
    package var expires: UTCInstant

    /// Memberwise.
    package init(node: HubNodePlace?, document: OperationDocument, expires: UTCInstant) {
        self.node = node
        self.document = document
        self.expires = expires
    }

    /// The work has not ended.
    package var isOpen: Bool { Operation.Stage(rawValue: document.type)?.isOpen ?? false }
}

/// A record where the hub keeps it.
package struct HubOperationRow: Hashable, Sendable {
    /// Order of writing at the hub.
    package var number: Int64
    /// The record.
    package var document: OperationDocument

    /// Memberwise.
    package init(number: Int64, document: OperationDocument) {
        self.number = number
        self.document = document
    }
}

/// Which records somebody wants to see, the newest writing first.
package struct HubOperationQuery: Hashable, Sendable {
    /// Whose.
    package enum Owner: Hashable, Sendable {
        /// The hub's, and those of all nodes.
        case everybody
        /// Those of all nodes of an org.
        case org(String)
        /// Those of one node.
        case node(HubNodePlace)
        /// The hub's own.
        case hub
    }

    /// Whose.
    package var owner: Owner
    /// Only this kind of work.
    package var activity: String?
    /// Only `ok`, or only `error`.
    package var status: String?
    /// Only this `type`.
    package var type: String?
    /// Only work for this policy, `org/name`.
    package var policy: String?
    /// Only what was written then or later, by the clock of who wrote it.
    package var since: UTCInstant?
    /// Only what was written before.
    package var until: UTCInstant?
    /// Only writings below this number.
    package var below: Int64?
    /// At most so many.
    package var max: Int

    /// The newest of all.
    package init(_ owner: Owner, max: Int) {
        self.owner = owner
        self.max = max
    }

    /// Whether a row is wanted, the most left aside.
    package func takes(_ row: HubOperationRow, of node: HubNodePlace?) -> Bool {
        let document = row.document
        let isOwners =
            switch owner {
            case .everybody: true
            case .org(let org): node?.org == org
            case .node(let place): node == place
            case .hub: node == nil
            }
        return isOwners && (activity ?? document.activity) == document.activity && (status == nil || status == document.status)
            && (type ?? document.type) == document.type && (policy == nil || policy == document.context.queue_tag)
            && (since.map { document.time >= $0.epochSeconds } ?? true) && (until.map { document.time < $0.epochSeconds } ?? true)
            && row.number < (below ?? .max)
    }
}

extension UTCInstant {
    /// As `time` in a record of operation status has it: seconds with their fraction.
    package var epochSeconds: Double { duration(since: UTCInstant(secondsSinceEpoch: 0)) / .seconds(1) }
}
