import UpgradeModel

/// What the store keeps of the watch, so that a start of the hub forgets no change.
package struct FleetRecord: Hashable, Sendable {
    /// Oldest first. In the store the last `FleetHistory.changesMax`; to be written only those that are new.
    package var changes: [FleetHistory.Change]
    /// All nodes of the last look. To be written only when what the changes say is not enough; empty = each change sets its node's.
    package var states: [HubNodePlace: NodeHealth.State]

    /// Memberwise.
    package init(changes: some Sequence<FleetHistory.Change> = [], states: [HubNodePlace: NodeHealth.State] = [:]) {
        self.changes = Array(changes)
        self.states = states
    }

    /// The last look before this start, as far as it matters what it found; nil when there was none.
    package func look(at time: UTCInstant) -> FleetLook? {
        guard !changes.isEmpty || !states.isEmpty else { return nil }
        let members = states.sorted { $0.key < $1.key }.map { place, state in
            FleetLook.Member(node: HubHealthRow(org: place.org, id: place.id), health: NodeHealth(state, reason: ""))
        }
        return FleetLook(number: 0, began: time, took: .zero, members: members)
    }

    /// The states once the record was written behind others.
    package func states(after before: [HubNodePlace: NodeHealth.State]) -> [HubNodePlace: NodeHealth.State] {
        guard states.isEmpty else { return states }
        return changes.reduce(into: before) { $0[$1.place] = $1.to }
    }
}

extension FleetLook {
    /// How each node is.
    package var states: [HubNodePlace: NodeHealth.State] {
        Dictionary(members.map { ($0.place, $0.health.state) }) { $1 }
    }
}
