import FleetSimulation

/// Results as a table, for people.
enum SimulationTable {
    private static let heads = ["scenario", "seed", "verdict", "nodes", "virtual", "real", "requests", "most/s", "most down", "hash"]

    static func text(_ results: [SimulationResult]) -> String {
        let rows = [heads] + results.map(row)
        let widths = heads.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return cells.joined(separator: "  ").trimmingEnd + "\n"
        }.joined()
    }

    private static func row(_ result: SimulationResult) -> [String] {
        let (verdict, figures) = (result.verdict, result.verdict.figures)
        return [
            verdict.scenario, "\(verdict.seed)", verdict.outcome.rawValue, "\(figures.nodes)", Unit.time(result.virtual),
            "\((result.real / .milliseconds(1)).rounded() / 1000)s", "\(figures.requests)", "\(figures.mostRequestsPerSecond)",
            "\(figures.mostDown)", verdict.traceHash,
        ]
    }
}

extension String {
    /// Without blanks at its end.
    fileprivate var trimmingEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
