import UpgradeModel
import UpgradeWire

/// Rows grouped into the page that a poller gets. Source: contract 1.6.
package enum ChangePageRule {
    private struct Group: Hashable {
        var org: String
        var id: String
        var resource: String
    }

    /// Groups rows (ascending by number) by org, id and resource, each entry with the last operation.
    /// - Parameter newest: the highest number that was given when the rows were read; what is numbered later is higher.
    package static func page(
        rows: [ChangeRow], from start: ChangeWindowRule.Start, limit: Int, newest: Int64, version: String
    ) -> ChangesDocument {
        var order: [Group: Int] = [:]
        var changes: [ChangeDocument] = []
        for row in rows {
            let change = ResourceChangeDocument(changeId: row.number, lastUpdated: row.time.rfc3339(fractionDigits: 6))
            let group = Group(org: row.org, id: row.id, resource: row.resource)
            if let index = order[group] {
                changes[index].resourceChanges.append(change)
                changes[index].operation = row.operation
            } else {
                order[group] = changes.count
                changes.append(
                    .init(orgId: row.org, resource: row.resource, id: row.id, operation: row.operation, resourceChanges: [change]))
            }
        }
        return ChangesDocument(
            changes: changes, mostRecentChangeId: reach(rows, start, limit, newest), hitMaxRecords: limit > 0 && rows.count >= limit,
            exchangeVersion: version)
    }

    /// The number behind which the poller goes on: never beyond a row that it has not been given. Whoever asks beyond everything knows
    /// another hub's numbers, as after one was set up anew, and is led back.
    private static func reach(_ rows: [ChangeRow], _ start: ChangeWindowRule.Start, _ limit: Int, _ newest: Int64) -> Int64 {
        let before: Int64 = if case .number(let number) = start { number - 1 } else { 0 }
        if rows.count < limit { return newest }
        return rows.last?.number ?? min(before, newest)
    }
}
