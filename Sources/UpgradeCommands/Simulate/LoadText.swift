import FleetSimulation
import UpgradeWire

/// What came of a run against a true hub, for people.
enum LoadText {
    /// Later than this with its own work, and the figures say less of the hub than of this machine.
    private static let lateness: Duration = .seconds(1)

    static func progress(_ progress: LoadProgress) -> String {
        "\(progress.phase); \(progress.registered) of \(progress.nodes) nodes registered, \(progress.polls) polls, "
            + "\(progress.requests) requests, \(progress.perSecond) in the last second"
    }

    static func text(_ report: LoadReport) -> String {
        let (verdict, figures) = (report.verdict, report.verdict.figures)
        let seconds = max(report.time / .seconds(1), 0.001)
        var rows = [
            ("nodes", "\(report.registered) registered, \(verdict.stuck.count) without an end"),
            (
                "requests",
                "\(figures.requests) in \(Unit.time(report.time.rounded)), \(rounded(Double(figures.requests) / seconds)) per second, "
                    + "\(figures.mostRequestsPerSecond) in the busiest; \(report.polls) were polls"
            ),
            ("calls", spread(report.calls)), ("downloads", "\(report.downloads.count), \(spread(report.downloads))"),
            ("bytes", "\(report.received) received, \(figures.bytes) of them packages; \(report.sent) sent"),
            ("answers", list(report.answers)), ("errors", report.errors.isEmpty ? "none" : list(report.errors)),
        ]
        for (policy, words) in figures.statuses.sorted(by: { $0.key < $1.key }) {
            let last = report.lastWords[policy].map { "; last final word \(Unit.time($0.rounded)) after its publication" } ?? ""
            rows.append((Shown.text(policy), list(words) + last))
        }
        rows.append(
            (
                "this program",
                "\(rounded(report.processor / .seconds(1))) s of processor time; late with its own work: \(spread(report.behind))"
            ))
        let width = rows.map(\.0.count).max() ?? 0
        var lines = ["\(verdict.scenario), seed \(verdict.seed), against \(Shown.text(report.url)): \(verdict.outcome.rawValue)"]
        lines += rows.map { "  " + $0.0 + String(repeating: " ", count: width - $0.0.count) + "  " + $0.1 }
        if report.behind.p99 > lateness {
            lines.append("  This machine could not keep up: the load was less than the scenario's. Use fewer nodes, or more machines.")
        }
        return (lines + SimulationStory.findings(verdict)).joined(separator: "\n") + "\n"
    }

    private static func spread(_ spread: LoadReport.Spread) -> String {
        spread.count == 0
            ? "none"
            : "p50 \(milliseconds(spread.p50)), p95 \(milliseconds(spread.p95)), p99 \(milliseconds(spread.p99)), "
                + "max \(milliseconds(spread.max)) ms"
    }

    private static func milliseconds(_ time: Duration) -> String { "\(rounded(time / .milliseconds(1)))" }

    private static func rounded(_ number: Double) -> Double { (number * 10).rounded() / 10 }

    /// The most frequent first.
    private static func list(_ counts: [String: Int]) -> String {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \(Shown.text($0.key))" }.joined(separator: ", ")
    }
}

extension Duration {
    /// To tenths of a second.
    fileprivate var rounded: Duration { .milliseconds(Int64((self / .milliseconds(100)).rounded()) * 100) }
}

/// The same for scripts.
enum LoadJSON {
    static func text(_ report: LoadReport) -> String { JSONText.pretty(value(report)) + "\n" }

    private static func value(_ report: LoadReport) -> JSONValue {
        let (verdict, figures) = (report.verdict, report.verdict.figures)
        return .object([
            "name": .string(verdict.scenario), "about": .string(verdict.about), "seed": .number(Double(verdict.seed)),
            "against": .string(report.url),
            "organization": .string(report.org), "verdict": .string(verdict.outcome.rawValue), "interrupted": .bool(report.isInterrupted),
            "misses": .array(verdict.misses.map { .string($0) }), "violations": SimulationJSON.findings(verdict.violations),
            "stuck": SimulationJSON.findings(verdict.stuck), "leftovers": .array(report.leftovers.map { .string($0) }),
            "seconds": .number(report.time / .seconds(1)), "nodes": .number(Double(figures.nodes)),
            "registered": .number(Double(report.registered)), "polls": .number(Double(report.polls)),
            "requests": .number(Double(figures.requests)),
            "requestsPerSecond": .number(Double(figures.requests) / max(report.time / .seconds(1), 0.001)),
            "mostRequestsPerSecond": .number(Double(figures.mostRequestsPerSecond)), "calls": spread(report.calls),
            "downloads": spread(report.downloads), "answers": counts(report.answers), "errors": counts(report.errors),
            "bytes": .number(Double(figures.bytes)), "bytesReceived": .number(Double(report.received)),
            "bytesSent": .number(Double(report.sent)), "statuses": .object(figures.statuses.mapValues(counts)),
            "lastWordSeconds": .object(report.lastWords.mapValues { .number($0 / .seconds(1)) }), "behind": spread(report.behind),
            "processorSeconds": .number(report.processor / .seconds(1)),
        ])
    }

    private static func counts(_ counts: [String: Int]) -> JSONValue { .object(counts.mapValues { .number(Double($0)) }) }

    private static func spread(_ spread: LoadReport.Spread) -> JSONValue {
        let times = ["p50": spread.p50, "p95": spread.p95, "p99": spread.p99, "max": spread.max]
        let values = times.map { ($0.key + "Milliseconds", JSONValue.number($0.value / .milliseconds(1))) }
        return .object(Dictionary(values) { first, _ in first }.merging(["count": .number(Double(spread.count))]) { $1 })
    }
}
