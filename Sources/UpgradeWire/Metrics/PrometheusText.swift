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

    /// The content type to send with it.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Everything so far.
    package private(set) var text = ""

    /// No metrics yet.
    package init() {}

    /// Adds a metric with all its samples; without any it is left out.
    package mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(PrometheusText.help(help))\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples {
            let labels = sample.labels.map { "\($0.name)=\"\(PrometheusText.label($0.value))\"" }.joined(separator: ",")
            text += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(PrometheusText.number(sample.value))\n"
        }
    }

    /// The same for a single value; nil is left out.
    package mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Double?) {
        if let value { add(name, kind, help, [Sample(value)]) }
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
