/// Layers over time, one above the other, as an SVG picture.
struct StackedChart {
    /// One layer: its name, and its height at each moment.
    struct Layer {
        let name: String
        let values: [Int]
        /// nil = the next of the row.
        var color: String?
    }

    private static let (width, height) = (900.0, 180.0)
    /// Told apart by people with any eyes, in this order.
    private static let colors = [
        "#4477aa", "#228833", "#ccbb44", "#ee6677", "#66ccee", "#aa3377", "#bbbbbb", "#ee8866", "#44bb99", "#99ddff", "#ffaabb", "#777777",
    ]

    let title: String
    let layers: [Layer]
    /// When, in seconds.
    let moments: [Double]

    /// Figure, picture and legend.
    var html: String {
        guard let end = moments.last, end > 0, highest > 0 else { return "" }
        var below = [Double](repeating: 0, count: moments.count)
        var shapes = ""
        for (index, layer) in layers.enumerated() {
            let above = zip(below, layer.values).map { $0 + Double($1) }
            shapes += "<polygon fill=\"\(color(index))\" points=\"\(outline(below, above, end))\">"
            shapes += "<title>\(layer.name.inHTML)</title></polygon>"
            below = above
        }
        return """
            <figure><figcaption>\(title.inHTML)</figcaption>
            <svg viewBox="-50 -10 \(Int(StackedChart.width) + 60) \(Int(StackedChart.height) + 40)" role="img" aria-label="\(title.inHTML)">
            \(axes(end))\(shapes)</svg>
            <p class="legend">\(legend)</p></figure>

            """
    }

    private var highest: Int { moments.indices.map { moment in layers.reduce(0) { $0 + $1.values[moment] } }.max() ?? 0 }

    private func color(_ index: Int) -> String { layers[index].color ?? StackedChart.colors[index % StackedChart.colors.count] }

    /// What stays the same is drawn as a step, not as a slope: nothing happened in between.
    private func outline(_ below: [Double], _ above: [Double], _ end: Double) -> String {
        let upper = steps(above, end)
        return (upper + steps(below, end).reversed()).joined(separator: " ")
    }

    private func steps(_ values: [Double], _ end: Double) -> [String] {
        var points: [String] = []
        for (index, value) in values.enumerated() {
            let from = index == 0 ? 0 : moments[index - 1]
            points += [point(from, value, end), point(moments[index], value, end)]
        }
        return points
    }

    private func point(_ moment: Double, _ value: Double, _ end: Double) -> String {
        let x = moment / end * StackedChart.width
        let y = StackedChart.height - value / Double(highest) * StackedChart.height
        return "\((x * 10).rounded() / 10),\((y * 10).rounded() / 10)"
    }

    private func axes(_ end: Double) -> String {
        let (width, height) = (Int(StackedChart.width), Int(StackedChart.height))
        var text = "<path class=\"axis\" d=\"M0 0V\(height)H\(width)\"/>"
        text += "<text x=\"-6\" y=\"8\" class=\"y\">\(highest)</text><text x=\"-6\" y=\"\(height)\" class=\"y\">0</text>"
        for part in 0...6 {
            let moment = Duration.seconds(end * Double(part) / 6)
            text += "<text x=\"\(width * part / 6)\" y=\"\(height + 18)\" class=\"x\">\(moment.coarse)</text>"
        }
        return text
    }

    private var legend: String {
        layers.indices.map { "<span><i style=\"background:\(color($0))\"></i>\(layers[$0].name.inHTML)</span>" }.joined()
    }
}

extension Duration {
    /// For an axis: `3d`, `6h`, `40m`, `12s`.
    fileprivate var coarse: String {
        let seconds = Double(nanoseconds) / 1e9
        let (value, unit) =
            seconds >= 172_800
            ? (seconds / 86_400, "d") : seconds >= 3_600 ? (seconds / 3_600, "h") : seconds >= 120 ? (seconds / 60, "m") : (seconds, "s")
        let rounded = (value * 10).rounded() / 10
        return (rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)") + unit
    }
}
