import ExchangeModel

extension HubReading {
    /// Everything that can be read, a line for each row, so that two states can be compared.
    func dump() throws -> [String] {
        var lines = ["versions \(String(describing: try agentFileVersion()))", "newest \(try newestChange())"]
        lines += try changes(from: .oldest, scope: .everything, limit: 10_000).map { "change \($0)" }
        lines += try dataFiles().sorted().map { "file \($0)" } + ["counts \(try counts(org: nil))"]
        lines += try healthRows(after: .begin, limit: 1_000).map { row in
            var row = row
            let figures = row.figures.sorted { $0.key.rawValue < $1.key.rawValue }
            row.figures = [:]
            return "health \(row) \(figures)"
        }
        lines += try operations(HubOperationQuery(.everybody, max: 1_000)).map { "operation \($0)" }
        let fleet = try fleetRecord()
        lines += fleet.changes.map { "fleet \($0)" } + fleet.states.map { "ill \($0)" }.sorted()
        for (org, document) in try orgs().sorted(by: { $0.key < $1.key }) {
            lines += ["org \(org) \(document)", "counts \(org) \(try counts(org: org))"]
            lines += try users(org).keys.sorted().map { "user \(org)/\($0) \(String(describing: try user(org, $0)))" }
            lines += try managementPolicies(org).sorted { $0.key < $1.key }.map { "policy \(org)/\($0.key) \($0.value)" }
            lines += try statusRows(org, HubStatusFilter(), limit: 1_000).map { "row \(org) \($0)" }
            lines += try objects(org).map { "object \($0)" }
            for group in try nodeGroupNames(org) {
                lines.append("group \(org)/\(group) \(String(describing: try nodeGroup(org, group)))")
                lines.append("members \(try nodeGroupMembers(org, group)) turn \(String(describing: try turn(org, group)))")
            }
            for id in ["b", "c"] { lines.append("agbot \(org)/\(id) \(String(describing: try agbot(org, id)))") }
            for node in try nodes(org, owner: nil).keys.sorted() { lines += try dump(org, node) }
        }
        return lines
    }

    private func dump(_ org: String, _ id: String) throws -> [String] {
        let rows: [Any?] = [
            try node(org, id), try nodePolicy(org, id), try nodeStatus(org, id), try nodeErrors(org, id),
            try managementStatuses(org, id, policy: nil).sorted { $0.key < $1.key }, try statusHistory(org, id), try nodeHealth(org, id),
        ]
        return rows.map { "node \(org)/\(id) \(String(describing: $0))" }
    }
}

/// The lines that only one of two states has; a whole state would fill the screen.
func differences(_ one: [String], _ other: [String]) -> [String] { Set(one).symmetricDifference(other).sorted() }
