import ExchangeModel
import SQLite
import UpgradeModel

extension SQLiteSession {
    func changes(from start: ChangeWindowRule.Start, scope: ChangeScope, limit: Int) throws -> [ChangeRow] {
        guard limit > 0 else { return [] }
        let start = condition(start)
        let parts = conditions(scope).map { scope in
            let columns = "number, seconds, nanoseconds, org, id, resource, operation"
            let sql = "SELECT * FROM (SELECT \(columns) FROM changes WHERE \(scope.sql) AND \(start.sql) ORDER BY number LIMIT ?)"
            return (sql: sql, values: scope.values + start.values + [.integer(Int64(limit))])
        }
        let sql = parts.map(\.sql).joined(separator: " UNION ALL ") + " ORDER BY number LIMIT ?"
        return try database.query(sql, parts.flatMap(\.values) + [.integer(Int64(limit))]).map { row in
            ChangeRow(
                number: try row.integer("number"), time: try time(row), org: try row.text("org"), id: try row.text("id"),
                resource: try row.text("resource"), operation: try row.text("operation"))
        }
    }

    private func time(_ row: Row) throws -> UTCInstant {
        UTCInstant(secondsSinceEpoch: try row.integer("seconds"), nanoseconds: Int32(clamping: try row.integer("nanoseconds")))
    }

    private func condition(_ start: ChangeWindowRule.Start) -> (sql: String, values: [Value]) {
        switch start {
        case .oldest: ("1", [])
        case .time(let time):
            ("(seconds, nanoseconds) >= (?, ?)", [.integer(time.secondsSinceEpoch), .integer(Int64(time.nanoseconds))])
        case .number(let number): ("number >= ?", [.integer(number)])
        }
    }

    /// The rows of a scope, in parts that exclude each other. The words about the category are those of the indexes.
    private func conditions(_ scope: ChangeScope) -> [(sql: String, values: [Value])] {
        switch scope {
        case .everything: return [("1", [])]
        case .org(let org): return [("(org = ? OR is_public)", [.text(org)])]
        case .orgs(let orgs):
            let marks = orgs.map { _ in "?" }.joined(separator: ", ")
            return [("(org IN (\(marks)) OR is_public)", orgs.map { .text($0) })]
        case .node(let org, let id):
            return [
                ("category IN ('mgmtpolicy', 'org') AND (org = ? OR is_public)", [.text(org)]),
                ("category = 'node' AND org = ? AND id = ?", [.text(org), .text(id)]),
            ]
        }
    }

    /// SQLite's sequence is a table like any other: it holds what was committed, goes back with what was refused, and stays when rows are
    /// cleaned away.
    func newestChange() throws -> Int64 {
        try number("SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'changes'")
    }

    func appendChange(_ change: ChangeRecord, at time: UTCInstant) throws {
        try database.execute(
            """
            INSERT INTO changes (seconds, nanoseconds, org, id, category, resource, operation, is_public)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(time.secondsSinceEpoch), .integer(Int64(time.nanoseconds)), .text(change.org), .text(change.id),
                .text(change.category.rawValue), .text(change.resource), .text(change.operation.rawValue),
                .integer(change.isPublic ? 1 : 0),
            ])
        try forgetOldChanges(at: time)
    }

    /// Rows live for `keep`; the oldest ones are removed once one is `cleanEvery` overdue, which costs one index look-up a write.
    private func forgetOldChanges(at time: UTCInstant) throws {
        let overdue = time.adding(.zero - ChangeWindowRule.keep - ChangeWindowRule.cleanEvery).secondsSinceEpoch
        guard try number("SELECT EXISTS (SELECT 1 FROM changes WHERE seconds < ?)", [.integer(overdue)]) == 1 else { return }
        let oldest = time.adding(.zero - ChangeWindowRule.keep).secondsSinceEpoch
        try database.execute(
            "DELETE FROM changes WHERE number IN (SELECT number FROM changes WHERE seconds < ? ORDER BY seconds LIMIT ?)",
            [.integer(oldest), .integer(Int64(ChangeWindowRule.cleanedMax))])
    }
}
