import UpgradeModel

/// Metrics in the text format of Prometheus, version 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats.
///
/// Names and label names are ours and constant. Values of labels may come from anywhere: what acts instead of being seen is escaped, so that
/// no name breaks a line.
package struct PrometheusText: Sendable {
    /// What a value does over time.
    package enum Kind: String, Sendable {
        /// Only grows, until the process starts anew.
        case counter
        /// Goes up and down.
        case gauge
    }

    /// One value with what it is about.
    package struct Sample: Sendable {
        /// Name and value, in their order.
        let labels: [(name: String, value: String)]
        let value: Double

        /// Memberwise.
        package init(_ value: Double, _ labels: [(name: String, value: String)] = []) {
            self.value = value
            self.labels = labels
        }
    }

    /// How many times something happened and what all of them took together, for a summary.
    package struct Series: Sendable {
        /// Name and value, in their order.
        let labels: [(name: String, value: String)]
        let sum: Double
        let count: Int
        /// The part of all, `0` to `1`, and the value that it does not go beyond.
        let quantiles: [(part: String, value: Double)]

        /// Memberwise.
        package init(
            sum: Double, count: Int, _ labels: [(name: String, value: String)] = [], quantiles: [(part: String, value: Double)] = []
        ) {
            (self.sum, self.count, self.labels, self.quantiles) = (sum, count, labels, quantiles)
        }
    }

    /// The content type to send with it.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Everything so far.
    package private(set) var text = ""

    /// No metrics yet.
    package init() {}

    /// Adds a metric with all its samples; without any it is left out.
    package mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        begin(name, kind.rawValue, help)
        for sample in samples { add(sample: name, sample.labels, sample.value) }
    }

    /// Adds a summary with all its series; without any it is left out.
    package mutating func add(_ name: String, summary help: String, _ series: [Series]) {
        guard !series.isEmpty else { return }
        begin(name, "summary", help)
        for one in series {
            for quantile in one.quantiles { add(sample: name, one.labels + [("quantile", quantile.part)], quantile.value) }
            add(sample: name + "_sum", one.labels, one.sum)
            add(sample: name + "_count", one.labels, Double(one.count))
        }
    }

    /// The same for a single value; nil is left out.
    package mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Double?) {
        if let value { add(name, kind, help, [Sample(value)]) }
    }

    private mutating func begin(_ name: String, _ kind: String, _ help: String) {
        text += "# HELP \(name) \(PrometheusText.help(help))\n# TYPE \(name) \(kind)\n"
    }

    private mutating func add(sample name: String, _ labels: [(name: String, value: String)], _ value: Double) {
        let labels = labels.map { "\($0.name)=\"\(PrometheusText.label($0.value))\"" }.joined(separator: ",")
        text += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(PrometheusText.number(value))\n"
    }

    private static func help(_ text: String) -> String {
        text.map { $0 == "\\" ? "\\\\" : $0 == "\n" ? "\\n" : String($0) }.joined()
    }

    private static func label(_ text: String) -> String {
        let visible = VisibleText.isVisible(text) ? text : VisibleText.escaping(text, max: 500)
        // By scalars: a quote with a mark on it is one character, and still a quote to whoever reads bytes.
        return visible.unicodeScalars.map { $0 == "\\" ? "\\\\" : $0 == "\"" ? "\\\"" : String($0) }.joined()
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map { String($0) } ?? "\(value)"
    }
}
