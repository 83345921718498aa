import ExchangeModel
import SQLite
import UpgradeModel

extension SQLiteSession {
    func fleetRecord() throws -> FleetRecord {
        let changes = try database.query("SELECT * FROM fleet_changes ORDER BY number", []).map { row in
            FleetHistory.Change(
                number: Int(clamping: row["number"]?.integer ?? 0), place: try place(row), from: state(row["before"]),
                to: state(row["after"]),
                at: UTCInstant(rfc3339: try row.text("at")) ?? .distantPast, reason: try row.text("reason"))
        }
        var states: [HubNodePlace: NodeHealth.State] = [:]
        for row in try database.query("SELECT * FROM fleet_states", []) { states[try place(row)] = state(row["state"]) }
        return FleetRecord(changes: changes, states: states)
    }

    func keepFleet(_ record: FleetRecord) throws {
        for change in record.changes {
            try database.execute(
                "INSERT OR REPLACE INTO fleet_changes (number, org, id, before, after, at, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    .integer(Int64(change.number)), .text(change.place.org), .text(change.place.id), value(change.from), value(change.to),
                    .text(change.at.rfc3339(fractionDigits: 9)), .text(change.reason),
                ])
        }
        try database.execute(
            "DELETE FROM fleet_changes WHERE number <= (SELECT max(number) FROM fleet_changes) - ?",
            [.integer(Int64(FleetHistory.changesMax))])
        if !record.states.isEmpty { try database.execute("DELETE FROM fleet_states") }
        for (place, state) in record.states { try set(state, of: place) }
        if record.states.isEmpty { for change in record.changes { try set(change.to, of: change.place) } }
    }

    private func set(_ state: NodeHealth.State?, of place: HubNodePlace) throws {
        let key: [Value] = [.text(place.org), .text(place.id)]
        guard let state else { return _ = try database.execute("DELETE FROM fleet_states WHERE org = ? AND id = ?", key) }
        try database.execute(
            "INSERT OR REPLACE INTO fleet_states (org, id, state) VALUES (?, ?, ?)", key + [.text(state.rawValue)])
    }

    private func place(_ row: Row) throws -> HubNodePlace { HubNodePlace(org: try row.text("org"), id: try row.text("id")) }

    private func state(_ value: Value?) -> NodeHealth.State? { value?.text.flatMap(NodeHealth.State.init(rawValue:)) }

    private func value(_ state: NodeHealth.State?) -> Value { state.map { .text($0.rawValue) } ?? .null }
}
