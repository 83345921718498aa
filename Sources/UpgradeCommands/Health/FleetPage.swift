import FleetSimulation
import UpgradeWire

/// The report on the fleet as one page that needs no network and no script.
struct FleetPage {
    /// Columns of the picture of ages.
    private static let columns = 24
    private static let (width, height) = (900.0, 160.0)

    let report: FleetReportDocument

    /// The whole page.
    var text: String {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>Fleet report</title><style>\(FleetPage.style)</style></head><body>
        <h1>Fleet report</h1>
        <p>\(safe(report.summary)). Made at \(safe(report.made)); the hub watches since \(safe(report.watchingSince)).</p>
        \(states)\(ages)\(listed("Nodes that are not well", nodes.filter { $0.state != "ok" }))\(figures)\(changes)\
        <details><summary>All nodes</summary>\(table(nodes))</details></body></html>

        """
    }

    private var nodes: [FleetReportDocument.Node] { report.nodes ?? [] }

    // MARK: Pictures

    /// One bar, as long as the fleet is large.
    private var states: String {
        let counts = report.counts.filter { $0.value > 0 }.sorted { FleetPage.rank($0.key) < FleetPage.rank($1.key) }
        let all = Double(counts.reduce(0) { $0 + $1.value })
        guard all > 0 else { return "" }
        var (x, bars, legend) = (0.0, "", "")
        for (state, count) in counts {
            let length = Double(count) / all * FleetPage.width
            bars += rectangle(x, 0, length, 24, FleetPage.color(state), "\(count) \(state)")
            legend += "<span>\(mark(state)): \(count)</span>"
            x += length
        }
        return figure("States", "0 0 \(Int(FleetPage.width)) 24", bars, "<p class=\"legend\">\(legend)</p>")
    }

    /// How many heartbeats are how old; the last column takes all that are older.
    private var ages: String {
        // Who says more than a century is not believed, and stops nobody.
        let ages = nodes.compactMap(\.age).map { min($0, 3_153_600_000) }.sorted()
        guard let middle = ages.isEmpty ? nil : ages[ages.count / 2] else { return "" }
        let step = max(1, (middle * 4 + 240) / FleetPage.columns)
        var counts = [Int](repeating: 0, count: FleetPage.columns)
        for age in ages { counts[min(max(0, age) / step, FleetPage.columns - 1)] += 1 }
        let (most, wide) = (Double(counts.max() ?? 1), FleetPage.width / Double(FleetPage.columns))
        let bars = counts.enumerated().map { column, count in
            let high = Double(count) / most * FleetPage.height
            let to = column == FleetPage.columns - 1 ? " s or more" : " to \((column + 1) * step) s"
            return rectangle(
                Double(column) * wide, FleetPage.height - high, wide - 2, high, "#4477aa", "\(count) nodes: \(column * step)\(to)")
        }
        let scale = [0, FleetPage.columns / 2, FleetPage.columns - 1].map { column in
            let isLast = column == FleetPage.columns - 1
            let place = isLast ? "x=\"\(Int(FleetPage.width))\" text-anchor=\"end\"" : "x=\"\(Int(Double(column) * wide))\""
            return "<text \(place) y=\"\(Int(FleetPage.height) + 14)\">\(isLast ? "over " : "")\(column * step) s</text>"
        }
        let box = "0 0 \(Int(FleetPage.width)) \(Int(FleetPage.height) + 20)"
        let told = "Nodes by the age of their last heartbeat; \(Int(most)) in the highest column. The last one takes all that are older."
        return figure("Ages of the last heartbeats", box, (bars + scale).joined(), "<p>\(told)</p>")
    }

    /// What nodes told of themselves, for the eye that looks for the odd one.
    private var figures: String {
        var told: [String: [Double]] = [:]
        for node in nodes { for (name, figure) in node.figures ?? [:] { told[name, default: []].append(figure.value) } }
        let lines = told.sorted { $0.key < $1.key }.map { name, values in
            let values = values.sorted()
            let parts = [0, 50, 90, 99].map { values[min(values.count - 1, values.count * $0 / 100)] } + [values[values.count - 1]]
            return [safe(name), "\(values.count)"] + parts.map { Int64(exactly: $0).map(String.init) ?? "\(($0 * 1000).rounded() / 1000)" }
        }
        guard !lines.isEmpty else { return "" }
        return "<h2>What nodes told of themselves</h2>" + rows(["figure", "nodes", "least", "half below", "90 %", "99 %", "most"], lines)
    }

    private func figure(_ title: String, _ box: String, _ shapes: String, _ below: String) -> String {
        """
        <figure><figcaption>\(title)</figcaption><svg viewBox="\(box)" role="img" aria-label="\(title)">\(shapes)</svg>\(below)</figure>

        """
    }

    private func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ color: String, _ title: String) -> String {
        let numbers = [x, y, width, height].map { "\(($0 * 10).rounded() / 10)" }
        return "<rect x=\"\(numbers[0])\" y=\"\(numbers[1])\" width=\"\(numbers[2])\" height=\"\(numbers[3])\" fill=\"\(color)\">"
            + "<title>\(safe(title))</title></rect>"
    }

    // MARK: Words

    private func listed(_ title: String, _ nodes: [FleetReportDocument.Node]) -> String {
        nodes.isEmpty ? "" : "<h2>\(title)</h2>\(table(nodes))"
    }

    private func table(_ nodes: [FleetReportDocument.Node]) -> String {
        let cells = nodes.map { node in
            zip(FleetReportDocument.Node.heading, node.row).map { $0 == "STATE" ? mark(node.state) : safe($1) }
        }
        return rows(FleetReportDocument.Node.heading.map { $0.lowercased() }, cells)
    }

    private func mark(_ state: String) -> String { "<b><i style=\"background:\(FleetPage.color(state))\"></i>\(safe(state))</b>" }

    private var changes: String {
        guard !report.changes.isEmpty else { return "" }
        let lines = report.changes.reversed().map { change in
            ["<b>\(safe(change.at))</b>", safe(change.node), change.from.map(mark) ?? "-", change.to.map(mark) ?? "-", safe(change.reason)]
        }
        return "<h2>What changed, the newest first</h2>" + rows(["found", "node", "from", "to", "reason"], lines)
    }

    /// - Parameter rows: cells that are safe.
    private func rows(_ heading: [String], _ rows: [[String]]) -> String {
        let head = heading.map { "<th>\($0)</th>" }.joined()
        let body = rows.map { row in "<tr>" + row.map { "<td>\($0)</td>" }.joined() + "</tr>\n" }
        return "<table><thead><tr>\(head)</tr></thead><tbody>\n\(body.joined())</tbody></table>\n"
    }

    /// Text from outside changes neither the page nor the direction in which it is read.
    private func safe(_ text: String) -> String { Shown.text(text).inHTML }

    private static func rank(_ state: String) -> Int { colors.firstIndex { $0.state == state } ?? colors.count }

    private static func color(_ state: String) -> String { colors.first { $0.state == state }?.color ?? "#777777" }

    private static let colors: [(state: String, color: String)] = [
        ("ok", "#228833"), ("late", "#ccbb44"), ("stalled", "#ee8866"), ("unreachable", "#cc2211"), ("never seen", "#777777"),
    ]

    private static let style = """
        body{font:15px/1.45 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
        table{border-collapse:collapse;margin:.6rem 0}td,th{padding:.15rem .7rem .15rem 0;text-align:left;vertical-align:top}
        th{border-bottom:1px solid #999}figure{margin:1.2rem 0}figcaption{font-weight:600}svg{width:100%;height:auto}
        svg text{font:11px system-ui,sans-serif;fill:currentColor}.legend span{margin-right:1rem}
        i{display:inline-block;width:.8em;height:.8em;margin-right:.3em}summary{cursor:pointer}
        td{overflow-wrap:anywhere}td:nth-child(-n+5){min-width:4rem}b{font-weight:inherit;white-space:nowrap}
        @media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}}
        """
}
