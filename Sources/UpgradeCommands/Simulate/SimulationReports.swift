import FleetSimulation
import UpgradeWire

/// Results for scripts. No real time is in them, so equal runs give equal bytes.
enum SimulationJSON {
    static func text(_ results: [SimulationResult]) -> String { JSONText.pretty(.array(results.map(value))) + "\n" }

    private static func value(_ result: SimulationResult) -> JSONValue {
        let verdict = result.verdict
        return .object([
            "name": .string(verdict.scenario), "about": .string(verdict.about), "file": .string(result.file.path),
            "seed": .number(Double(verdict.seed)),
            "verdict": .string(verdict.outcome.rawValue), "traceHash": .string(verdict.traceHash), "figures": figures(result),
            "misses": .array(verdict.misses.map { .string($0) }), "violations": findings(verdict.violations),
            "stuck": findings(verdict.stuck),
        ])
    }

    static func findings(_ findings: [Verdict.Finding]) -> JSONValue {
        .array(
            findings.map { finding in
                .object(["atSeconds": .number(finding.at / .seconds(1)), "node": .string(finding.node), "what": .string(finding.what)])
            })
    }

    private static func figures(_ result: SimulationResult) -> JSONValue {
        let figures = result.verdict.figures
        return .object([
            "nodes": .number(Double(figures.nodes)), "happenings": .number(Double(figures.happenings)),
            "virtualSeconds": .number(result.virtual / .seconds(1)),
            "settledAfterSeconds": .number(result.verdict.settledAfter / .seconds(1)),
            "requests": .number(Double(figures.requests)), "mostRequestsPerSecond": .number(Double(figures.mostRequestsPerSecond)),
            "bytes": .number(Double(figures.bytes)), "mostDown": .number(Double(figures.mostDown)),
            "mostDownInGroup": .number(Double(figures.mostDownInGroup)), "unwell": .number(Double(figures.unwell)),
            "statuses": .object(figures.statuses.mapValues { counts in .object(counts.mapValues { .number(Double($0)) }) }),
        ])
    }
}

/// Results for CI: a suite for each file, a test case for each seed.
enum SimulationJUnit {
    static func text(_ results: [SimulationResult]) -> String {
        var files: [String] = []
        for result in results where !files.contains(result.file.path) { files.append(result.file.path) }
        let suites = files.map { file in suite(file, results.filter { $0.file.path == file }) }
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n\(suites.joined())</testsuites>\n"
    }

    private static func suite(_ file: String, _ results: [SimulationResult]) -> String {
        let failures = results.count { !$0.hasPassed }
        let head = "<testsuite name=\"\(escaped(file))\" tests=\"\(results.count)\" failures=\"\(failures)\">"
        return "  \(head)\n\(results.map(testCase).joined())  </testsuite>\n"
    }

    private static func testCase(_ result: SimulationResult) -> String {
        let verdict = result.verdict
        let time = (result.real / .milliseconds(1)).rounded() / 1000
        let head = "    <testcase classname=\"\(escaped(verdict.scenario))\" name=\"seed \(verdict.seed)\" time=\"\(time)\""
        guard !result.hasPassed else { return head + "/>\n" }
        let findings = (verdict.violations + verdict.stuck).map { "\($0.node) at \(Unit.time($0.at)): \($0.what)" } + verdict.misses
        let body = (findings + SimulationStory.ending(result)).joined(separator: "\n")
        let failure =
            "<failure type=\"\(verdict.outcome.rawValue)\" message=\"\(escaped(findings.first ?? ""))\">\(escaped(body))</failure>"
        return "\(head)>\n      \(failure)\n    </testcase>\n"
    }

    /// Text that XML takes.
    static func escaped(_ text: String) -> String {
        var out = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "\n", "\t": out.unicodeScalars.append(character)
            default:
                let isText = character.value >= 32 && ![127, 0xFFFE, 0xFFFF].contains(character.value)
                out.unicodeScalars.append(isText ? character : "?")
            }
        }
        return out
    }
}
