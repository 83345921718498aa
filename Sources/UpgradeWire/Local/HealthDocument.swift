import UpgradeModel

/// `x-uplift.health` of a status in the agent's local API: what the probes of the policy's last attempt found.
package struct HealthDocument: Codable, Hashable, Sendable {
    /// One probe.
    package struct Result: Codable, Hashable, Sendable {
        /// What was looked at.
        package var name: String
        /// `passed`, `failed`, or `ignored`.
        package var verdict: String
        /// One sentence.
        package var sentence: String
        /// When it ended, RFC 3339.
        package var at: String
        /// How long it took, tries and pauses included.
        package var seconds: Double
    }

    /// The attempt.
    package var job: String
    /// What worked before the upgrade; empty = it is not known.
    package var before: [Result]
    /// What the trial found.
    package var trial: [Result]

    /// The document of a report.
    package init(_ report: HealthReport) {
        job = report.ticket.text
        before = report.baseline.map(Result.init)
        trial = report.results.map(Result.init)
    }
}

extension HealthDocument.Result {
    /// The document of a result.
    package init(_ result: HealthResult) {
        name = result.name
        verdict = result.verdict.rawValue
        sentence = result.sentence
        at = result.at.rfc3339()
        seconds = result.seconds
    }
}
