/// What the store keeps of the watch, so that a start of the hub forgets no change.
package struct FleetRecord: Hashable, Sendable {
    /// Oldest first. In the store the last `FleetHistory.changesMax`; to be written only those that are new.
    package var changes: [FleetHistory.Change]
    /// The nodes that were not well at the last look; all others were.
    package var states: [HubNodePlace: NodeHealth.State]

    /// Memberwise.
    package init(changes: some Sequence<FleetHistory.Change> = [], states: [HubNodePlace: NodeHealth.State] = [:]) {
        self.changes = Array(changes)
        self.states = states
    }

    /// The look before the first one of this start, as far as it matters what it found; nil when there was none.
    package func look(before first: FleetLook) -> FleetLook? {
        guard !changes.isEmpty || !states.isEmpty else { return nil }
        let places = Set(states.keys).union(first.members.map(\.place)).sorted()
        let members = places.map { place in
            FleetLook.Member(node: HubHealthRow(org: place.org, id: place.id), health: NodeHealth(states[place] ?? .ok, reason: ""))
        }
        return FleetLook(number: 0, began: first.began, took: .zero, members: members)
    }
}

extension FleetLook {
    /// The nodes that are not well.
    package var illStates: [HubNodePlace: NodeHealth.State] {
        Dictionary(uniqueKeysWithValues: members.filter { $0.health.state != .ok }.map { ($0.place, $0.health.state) })
    }
}
