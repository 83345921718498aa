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
    ///
    /// A full page says how far it reaches; otherwise the poller may go on behind everything that was ever numbered.
    package static func page(rows: [ChangeRow], limit: Int, newestNumber: Int64, version: String) -> ChangesDocument {
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
        let isFull = limit > 0 && rows.count >= limit
        return ChangesDocument(
            changes: changes, mostRecentChangeId: isFull ? rows.last?.number ?? newestNumber : newestNumber, hitMaxRecords: isFull,
            exchangeVersion: version)
    }
}
