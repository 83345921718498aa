import SQLite
import UpgradeModel
import UpgradePorts

/// What operation records come to in SQL.
extension Command {
    /// The record takes the place of the one with its id. Numbers only grow, so that the order of rows is that of their writing.
    static func write(_ operation: Operation) throws(StoreError) -> Command {
        Command(
            """
            INSERT INTO operations (number, id, activity, stage, is_open, policy, written, expires, content)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET number = excluded.number, activity = excluded.activity, stage = excluded.stage,
                is_open = excluded.is_open, policy = excluded.policy, written = excluded.written, expires = excluded.expires,
                content = excluded.content
            """,
            [
                .integer(Int64(operation.number)), .text(operation.id), .text(operation.activity.rawValue), .text(operation.stage.rawValue),
                .integer(operation.stage.isOpen ? 1 : 0), operation.policy.map { .text($0.text) } ?? .null,
                .integer(operation.at.stamp), .integer(operation.expires.stamp), .text(try StoredText.of(operation)),
            ])
    }

    /// The condition and order of a query. Each walks an index or the rows in order, and ends at the limit.
    static func selecting(_ query: OperationQuery) -> Command {
        var conditions: [(String, Value)] = []
        if let id = query.id { conditions.append(("id = ?", .text(id))) }
        if let activity = query.activity { conditions.append(("activity = ?", .text(activity.rawValue))) }
        if let policy = query.policy { conditions.append(("policy = ?", .text(policy.text))) }
        if let since = query.since { conditions.append(("written >= ?", .integer(since.stamp))) }
        if let until = query.until { conditions.append(("written < ?", .integer(until.stamp))) }
        var order = "DESC"
        switch query.order {
        case .newestFirst(let number?): conditions.append(("number < ?", .integer(Int64(number))))
        case .newestFirst(nil): break
        case .oldestFirst(let number):
            conditions.append(("number > ?", .integer(Int64(number))))
            order = "ASC"
        }
        var texts = conditions.map(\.0)
        // Words of an enumeration, nothing from outside.
        if let stages = query.stages {
            texts.append("stage IN (\(stages.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")))")
        }
        let condition = texts.isEmpty ? "" : "WHERE \(texts.joined(separator: " AND ")) "
        return Command("\(condition)ORDER BY number \(order) LIMIT ?", conditions.map(\.1) + [.integer(Int64(max(query.max, 0)))])
    }

    /// Ended records whose time is over, the first to expire first.
    static func purge(expired now: UTCInstant, batch: Int) -> Command {
        purge("is_open = 0 AND expires <= ? ORDER BY expires", now.stamp, batch)
    }

    /// Ended records that were written before the newest so many writings.
    static func purge(beyond rowsMax: Int, batch: Int) -> Command {
        purge("is_open = 0 AND number <= (SELECT max(number) FROM operations) - ? ORDER BY number", Int64(rowsMax), batch)
    }

    private static func purge(_ condition: String, _ value: Int64, _ batch: Int) -> Command {
        Command(
            "DELETE FROM operations WHERE number IN (SELECT number FROM operations WHERE \(condition) LIMIT ?)",
            [.integer(value), .integer(Int64(max(batch, 0)))])
    }
}

extension UTCInstant {
    /// Nanoseconds since the epoch; what does not fit is the nearest that does.
    fileprivate var stamp: Int64 {
        let (product, isOver) = secondsSinceEpoch.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isBeyond) = product.addingReportingOverflow(Int64(nanoseconds))
        return isOver || isBeyond ? (secondsSinceEpoch < 0 ? .min : .max) : sum
    }
}
