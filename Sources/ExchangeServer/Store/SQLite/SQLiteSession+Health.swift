import ExchangeModel
import SQLite
import UpgradeModel
import UpgradeWire

extension SQLiteSession {
    /// A few values of each document instead of the whole one: ten thousand nodes are looked at every minute.
    func healthRows(after place: HubNodePlace, limit: Int) throws -> [HubHealthRow] {
        let sql = """
            SELECT org, id, last_heartbeat, json_extract(document, '$.heartbeatIntervals.minInterval') AS shortest,
            json_extract(document, '$.heartbeatIntervals.maxInterval') AS longest,
            json_extract(document, '$.softwareVersions.horizon') AS version, json_extract(document, '$.msgEndPoint') AS end_point
            FROM nodes WHERE (org, id) > (?, ?) AND is_registered = 1 ORDER BY org, id LIMIT ?
            """
        var rows = try database.query(sql, [.text(place.org), .text(place.id), .integer(Int64(limit))]).map { row in
            HubHealthRow(
                org: try row.text("org"), id: try row.text("id"), lastHeartbeat: moment(row, "last_heartbeat"),
                intervals: HeartbeatIntervalsDocument(minInterval: whole(row, "shortest"), maxInterval: whole(row, "longest")),
                softwareVersion: row["version"]?.text, endPoint: row["end_point"]?.text ?? "")
        }
        guard let last = rows.last else { return [] }
        var jobs = try jobs(after: place, to: HubNodePlace(org: last.org, id: last.id))
        let told = try told(after: place, to: HubNodePlace(org: last.org, id: last.id))
        for index in rows.indices {
            let place = HubNodePlace(org: rows[index].org, id: rows[index].id)
            if let own = jobs.removeValue(forKey: place) { rows[index].jobs = own }
            if let own = told[place] { (rows[index].told, rows[index].figures) = own }
        }
        return rows
    }

    /// The jobs under way of the nodes between two places, the last one included; few of each word, however many a node has.
    private func jobs(after place: HubNodePlace, to last: HubNodePlace) throws -> [HubNodePlace: [HubHealthRow.Job]] {
        let words = HubHealthRow.wordsUnderWay
        let sql = """
            SELECT org, node, policy, word, since, message FROM (
                SELECT *, row_number() OVER (PARTITION BY org, node, word ORDER BY since, policy) AS place FROM (
                    SELECT org, node, policy, json_extract(document, '$.agentUpgradePolicyStatus.status') AS word,
                    json_extract(document, '$.agentUpgradePolicyStatus.lastUpdated') AS since,
                    substr(json_extract(document, '$.agentUpgradePolicyStatus.errorMessage'), 1, 257) AS message
                    FROM management_statuses WHERE (org, node) > (?, ?) AND (org, node) <= (?, ?)
                    AND word IN (\(words.map { _ in "?" }.joined(separator: ", ")))))
            WHERE place <= \(HubHealthRow.jobsMax) ORDER BY org, node, policy
            """
        let values = [place.org, place.id, last.org, last.id] + words
        var jobs: [HubNodePlace: [HubHealthRow.Job]] = [:]
        for row in try database.query(sql, values.map { .text($0) }) {
            let job = HubHealthRow.Job(
                policy: try row.text("policy"), word: row["word"]?.text, since: row["since"]?.text, message: row["message"]?.text)
            guard let job else { continue }
            jobs[HubNodePlace(org: try row.text("org"), id: try row.text("node")), default: []].append(job)
        }
        return jobs
    }

    /// What the nodes between two places told of themselves, the last one included.
    private func told(after place: HubNodePlace, to last: HubNodePlace) throws -> [HubNodePlace: (String, [NodeFigure: Double])] {
        let figures = NodeFigure.allCases.map { "json_extract(document, '$.health.\($0.path)') AS \($0)" }.joined(separator: ", ")
        let sql = """
            SELECT org, node, json_extract(document, '$.received') AS received, \(figures)
            FROM node_health WHERE (org, node) > (?, ?) AND (org, node) <= (?, ?)
            """
        var told: [HubNodePlace: (String, [NodeFigure: Double])] = [:]
        for row in try database.query(sql, [place.org, place.id, last.org, last.id].map { .text($0) }) {
            var values: [NodeFigure: Double] = [:]
            for figure in NodeFigure.allCases { values[figure] = row[figure.rawValue].flatMap { $0.real ?? $0.integer.map(Double.init) } }
            told[HubNodePlace(org: try row.text("org"), id: try row.text("node"))] = (try row.text("received"), values)
        }
        return told
    }

    private func moment(_ row: Row, _ name: String) -> UTCInstant? { row[name]?.text.flatMap { UTCInstant(rfc3339: $0) } }

    private func whole(_ row: Row, _ name: String) -> Int { Int(clamping: row[name]?.integer ?? 0) }
}
