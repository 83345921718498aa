import UpgradeWire

/// The report on the fleet, asked for.
struct FleetReports {
    /// The order in which states are told.
    private static let states = ["ok", "late", "stalled", "unreachable", "never seen"]

    let hub: Hub

    /// Asks. Errors: `.notFound` when the exchange has no such report.
    func report(_ path: String) throws(CommandError) -> FleetReportDocument { try read(try hub.get(path)) }

    /// Errors: `.notFound` when the exchange has no such report.
    func read(_ answer: Answer) throws(CommandError) -> FleetReportDocument {
        guard answer.status != 404 else {
            throw CommandError(.notFound, "this Exchange does not watch over its nodes: only uplift-exchange has a report on the fleet")
        }
        return try answer.success().read(FleetReportDocument.self)
    }

    /// Counts in words; those of states that this version does not know come last.
    static func words(_ counts: [String: Int]) -> String {
        let others = counts.keys.filter { !states.contains($0) }.sorted()
        let told = (states + others).compactMap { state in
            counts[state].flatMap { $0 > 0 || state == "ok" ? "\($0) \(Shown.text(state))" : nil }
        }
        return told.joined(separator: ", ")
    }
}

extension FleetReportDocument {
    /// One line.
    var summary: String {
        let nodes = look.nodes == 1 ? "1 node" : "\(look.nodes) nodes"
        return "\(nodes) at \(Shown.text(look.began)): \(FleetReports.words(counts))"
    }
}
