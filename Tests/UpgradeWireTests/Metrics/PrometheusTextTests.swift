import Testing
import UpgradeWire

/// The text format of Prometheus, whatever names and reasons hold.
@Suite struct PrometheusTextTests {
    @Test func `a metric has its help, its type and its samples`() {
        var text = PrometheusText()
        text.add("uplift_rows", .gauge, "Rows.", 3)
        text.add("uplift_polls_total", .counter, "Polls.", [.init(1, [("result", "ok"), ("door", "a")]), .init(0.5, [("result", "bad")])])
        #expect(
            text.text == """
                # HELP uplift_rows Rows.
                # TYPE uplift_rows gauge
                uplift_rows 3
                # HELP uplift_polls_total Polls.
                # TYPE uplift_polls_total counter
                uplift_polls_total{result="ok",door="a"} 1
                uplift_polls_total{result="bad"} 0.5

                """)
    }

    @Test func `a summary has its quantiles, its sum and its count`() {
        var text = PrometheusText()
        text.add(
            "uplift_wait_seconds", summary: "Waits.",
            [
                .init(sum: 1.5, count: 2, [("route", "a\"b")], quantiles: [("0.5", 0.5), ("1", 1)]), .init(sum: 0, count: 0),
            ])
        #expect(
            text.text == #"""
                # HELP uplift_wait_seconds Waits.
                # TYPE uplift_wait_seconds summary
                uplift_wait_seconds{route="a\"b",quantile="0.5"} 0.5
                uplift_wait_seconds{route="a\"b",quantile="1"} 1
                uplift_wait_seconds_sum{route="a\"b"} 1.5
                uplift_wait_seconds_count{route="a\"b"} 2
                uplift_wait_seconds_sum 0
                uplift_wait_seconds_count 0

                """#)
        text = PrometheusText()
        text.add("uplift_wait_seconds", summary: "Waits.", [])
        #expect(text.text.isEmpty)
    }

    @Test func `what is not known is left out`() {
        var text = PrometheusText()
        text.add("uplift_rows", .gauge, "Rows.", nil)
        text.add("uplift_rows", .gauge, "Rows.", [])
        #expect(text.text.isEmpty)
    }

    @Test(arguments: [
        (#"a"b"#, #"a\"b"#), (#"a\b"#, #"a\\b"#), ("a\nb", #"a\\u{a}b"#), ("\u{1b}[31m", #"\\u{1b}[31m"#), ("", ""), ("ü", "ü"),
        ("a\"\u{301}} 1", "a\\\"\u{301}} 1"), ("\\\u{301}", "\\\\\u{301}"), ("} 1\nevil 2", #"} 1\\u{a}evil 2"#),
    ])
    func `no value of a label leaves its quotes`(_ value: String, _ shown: String) {
        var text = PrometheusText()
        text.add("m", .gauge, "M.", [.init(1, [("name", value)])])
        #expect(text.text == "# HELP m M.\n# TYPE m gauge\nm{name=\"\(shown)\"} 1\n")
    }

    @Test(arguments: [(Double.nan, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (1e18, "1000000000000000000"), (1e300, "1e+300")])
    func `numbers that are none`(_ value: Double, _ shown: String) {
        var text = PrometheusText()
        text.add("m", .gauge, "M.", value)
        #expect(text.text.hasSuffix("m \(shown)\n"))
    }
}
