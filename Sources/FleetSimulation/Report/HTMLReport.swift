import UpgradeModel
import UpgradeWire

/// The runs of a simulation as one page that needs no network and no script.
package struct HTMLReport {
    private let verdicts: [Verdict]

    /// A page of these runs, in this order.
    package init(_ verdicts: [Verdict]) { self.verdicts = verdicts }

    /// The whole page.
    package var text: String {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>Simulated upgrades</title><style>\(HTMLReport.style)</style></head><body>
        <h1>Simulated upgrades</h1>
        \(summary)\(verdicts.enumerated().map { section($0, $1) }.joined())</body></html>

        """
    }

    private var summary: String {
        let rows = verdicts.enumerated().map { index, verdict in
            let figures = verdict.figures
            return """
                <tr><td><a href="#run-\(index)">\(verdict.scenario.inHTML)</a></td><td>\(verdict.seed)</td>\
                <td class="\(verdict.outcome == .passed ? "good" : "bad")">\(verdict.outcome.rawValue)</td><td>\(figures.nodes)</td>\
                <td>\(figures.requests)</td><td>\(figures.mostRequestsPerSecond)</td><td>\(figures.mostDown)</td>\
                <td><code>\(verdict.traceHash)</code></td></tr>

                """
        }
        return """
            <table><thead><tr><th>scenario</th><th>seed</th><th>verdict</th><th>nodes</th><th>requests</th><th>most a second</th>\
            <th>most down</th><th>trace</th></tr></thead><tbody>
            \(rows.joined())</tbody></table>

            """
    }

    private func section(_ index: Int, _ verdict: Verdict) -> String {
        """
        <section id="run-\(index)"><h2>\(verdict.scenario.inHTML), seed \(verdict.seed): \(verdict.outcome.rawValue)</h2>
        \(about(verdict))\(findings(verdict))\(charts(verdict.chronicle))\(groups(verdict.chronicle))\(stories(verdict.chronicle))</section>

        """
    }

    private func about(_ verdict: Verdict) -> String { verdict.about.isEmpty ? "" : "<p>\(verdict.about.inHTML)</p>\n" }

    private func findings(_ verdict: Verdict) -> String {
        let found = (verdict.violations + verdict.stuck).map { "\(Unit.time($0.at)), \($0.node): \($0.what)" } + verdict.misses
        guard !found.isEmpty else { return "" }
        return "<ul class=\"bad\">" + found.map { "<li>\($0.inHTML)</li>" }.joined() + "</ul>\n"
    }

    // MARK: Pictures

    private func charts(_ chronicle: Chronicle) -> String {
        let moments = chronicle.samples.map { Double($0.at.nanoseconds) / 1e9 }
        let versions = Set(chronicle.samples.flatMap(\.versions.keys)).sorted()
        var text = chart(
            "Versions that run", moments,
            versions.map { name in .init(name: name, values: chronicle.samples.map { $0.versions[name] ?? 0 }) })
        for policy in Set(chronicle.samples.flatMap(\.statuses.keys)).sorted() {
            let present = Set(chronicle.samples.flatMap { ($0.statuses[policy] ?? [:]).keys })
            let layers = Status.allCases.filter(present.contains).map { status in
                StackedChart.Layer(
                    name: StatusWord.word(status), values: chronicle.samples.map { $0.statuses[policy]?[status] ?? 0 }, color: status.color)
            }
            text += chart("Statuses of policy \(policy)", moments, layers)
        }
        text += chart(
            "Requests at the hub, between two moments", moments, [.init(name: "requests", values: chronicle.samples.map(\.requests))])
        return text + chart("Most nodes down because of upgrades", moments, [.init(name: "down", values: chronicle.samples.map(\.down))])
    }

    private func chart(_ title: String, _ moments: [Double], _ layers: [StackedChart.Layer]) -> String {
        StackedChart(title: title, layers: layers, moments: moments).html
    }

    // MARK: Words

    private func groups(_ chronicle: Chronicle) -> String {
        guard !chronicle.groups.isEmpty else { return "" }
        let sorted = chronicle.groups.sorted { left, right in
            let (one, other) = (left.key, right.key)
            return (one.policy, -left.value, one.status.rawValue, one.reason) < (
                other.policy, -right.value, other.status.rawValue, other.reason
            )
        }
        let rows = sorted.prefix(60).map { group, count in
            "<tr><td>\(group.policy.inHTML)</td><td>\(count)</td><td>\(StatusWord.word(group.status))</td><td>\(group.reason.inHTML)</td></tr>\n"
        }
        let rest = sorted.count > rows.count ? "<p>and \(sorted.count - rows.count) groups more</p>" : ""
        return """
            <h3>Where they ended, and why</h3>
            <table><thead><tr><th>policy</th><th>nodes</th><th>status</th><th>reason</th></tr></thead><tbody>
            \(rows.joined())</tbody></table>\(rest)

            """
    }

    private func stories(_ chronicle: Chronicle) -> String {
        chronicle.stories.map { story in
            let lines = story.lines.map { "<tr><td>\(Unit.time($0.at))</td><td>\($0.what.inHTML)</td></tr>" }.joined(separator: "\n")
            return "<details><summary>What happened on \(story.node.inHTML)</summary><table>\(lines)</table></details>\n"
        }.joined()
    }

    private static let style = """
        body{font:15px/1.45 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
        table{border-collapse:collapse;margin:.6rem 0}td,th{padding:.15rem .7rem .15rem 0;text-align:left;vertical-align:top}
        th{border-bottom:1px solid #999}.good{color:#1a6b2a}.bad{color:#a3211b}figure{margin:1.2rem 0}figcaption{font-weight:600}
        svg{width:100%;height:auto}svg text{font:11px system-ui,sans-serif;fill:currentColor}.x{text-anchor:middle}.y{text-anchor:end}
        .axis{fill:none;stroke:currentColor;stroke-width:1}.legend span{margin-right:1rem}.legend i{display:inline-block;width:.8em;height:.8em;margin-right:.3em}
        section{border-top:1px solid #999;margin-top:2rem}summary{cursor:pointer}
        @media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}.good{color:#7fd08f}.bad{color:#ff9a92}}
        """
}

extension Status {
    /// The same in every picture: on the way blue, well green, back yellow, broken red.
    fileprivate var color: String {
        switch self {
        case .waiting: "#cfd8e3"
        case .haNodeWaiting: "#99ddff"
        case .downloadStarted: "#66ccee"
        case .downloaded: "#4477aa"
        case .initiated: "#223f7a"
        case .successful: "#228833"
        case .noActionRequired: "#99cc99"
        case .failed, .rollbackStarted: "#ee8866"
        case .rollbackSuccessful: "#ccbb44"
        case .downloadFailed, .precheckFailed: "#aa3377"
        case .rollbackFailed: "#cc2211"
        case .unknown, .reset: "#777777"
        }
    }
}
