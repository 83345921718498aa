import UpgradeModel
import UpgradeWire

/// What one look at all registered nodes found.
package struct FleetLook: Hashable, Sendable {
    /// One node.
    package struct Member: Hashable, Sendable {
        /// What it was judged by.
        package var node: HubHealthRow
        /// The verdict.
        package var health: NodeHealth

        /// Memberwise.
        package init(node: HubHealthRow, health: NodeHealth) {
            self.node = node
            self.health = health
        }

        /// Its place among all nodes.
        package var place: HubNodePlace { HubNodePlace(org: node.org, id: node.id) }
    }

    /// Counted from 1 since the hub's start.
    package var number: Int
    /// The moment that all nodes are judged at.
    package var began: UTCInstant
    /// How long it took.
    package var took: Duration
    /// Ordered by the bytes of org and id.
    package var members: [Member]

    /// Memberwise.
    package init(number: Int, began: UTCInstant, took: Duration, members: [Member]) {
        self.number = number
        self.began = began
        self.took = took
        self.members = members
    }
}

/// The changes of state that were found lately, so many at most: of more the oldest are forgotten.
package struct FleetHistory: Hashable, Sendable {
    /// Most changes that are kept: a hub of ten thousand nodes may lose sight of all at once.
    package static let changesMax = 10_000

    /// One change; nil before a node was registered and after it was.
    package struct Change: Hashable, Sendable {
        /// Counted from 1, over all starts of the hub.
        package var number: Int
        /// The node.
        package var place: HubNodePlace
        /// The state before.
        package var from: NodeHealth.State?
        /// The state since.
        package var to: NodeHealth.State?
        /// Begin of the look that found it.
        package var at: UTCInstant
        /// Why.
        package var reason: String

        /// Memberwise.
        package init(
            number: Int, place: HubNodePlace, from: NodeHealth.State?, to: NodeHealth.State?, at: UTCInstant, reason: String
        ) {
            self.number = number
            self.place = place
            self.from = from
            self.to = to
            self.at = at
            self.reason = reason
        }
    }

    /// Oldest first.
    package private(set) var changes: [Change] = []
    private var count = 0

    /// Goes on behind the changes that are known.
    package init(_ changes: [Change] = []) {
        self.changes = changes
        count = changes.last?.number ?? 0
    }

    /// Takes down what is otherwise. Both looks are in order, so each node is looked at once.
    package mutating func note(_ look: FleetLook, after before: FleetLook) {
        var old = before.members[...]
        for member in look.members {
            while let gone = old.first, gone.place < member.place { unregistered(old.removeFirst(), look) }
            let known = old.first?.place == member.place ? old.removeFirst().health.state : nil
            if known != member.health.state { add(member.place, from: known, to: member.health.state, look.began, member.health.reason) }
        }
        for gone in old { unregistered(gone, look) }
        changes.removeFirst(max(0, changes.count - Self.changesMax))
    }

    private mutating func unregistered(_ member: FleetLook.Member, _ look: FleetLook) {
        add(member.place, from: member.health.state, to: nil, look.began, "it is not registered any more")
    }

    private mutating func add(
        _ place: HubNodePlace, from: NodeHealth.State?, to: NodeHealth.State?, _ time: UTCInstant, _ reason: String
    ) {
        count += 1
        changes.append(Change(number: count, place: place, from: from, to: to, at: time, reason: reason))
    }
}

extension HubNodePlace: Comparable {
    /// Names are plain characters, so that the order of texts is that of bytes.
    package static func < (left: HubNodePlace, right: HubNodePlace) -> Bool { (left.org, left.id) < (right.org, right.id) }
}
