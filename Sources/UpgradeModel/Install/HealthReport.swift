/// What one probe of a release found.
package struct HealthResult: Codable, Hashable, Sendable {
    /// What a result means for the release.
    package enum Verdict: String, Codable, CaseIterable, Hashable, Sendable {
        /// It was as it should be.
        case passed
        /// It was not, and that counted.
        case failed
        /// It says nothing about the release, and the sentence says why.
        case ignored
    }

    /// The longest sentence that is kept, in characters.
    private static let sentenceMax = 500

    /// What was looked at; unique within a report.
    package let name: String
    /// What it means.
    package let verdict: Verdict
    /// One sentence.
    package let sentence: String
    /// When it ended.
    package let at: UTCInstant
    /// How long it took, tries and pauses included.
    package let seconds: Double

    /// Text from outside becomes fit to be shown, and is cut; the time is kept to the millisecond.
    package init(name: String, verdict: Verdict, sentence: String, at: UTCInstant, took: Duration) {
        self.name = name
        self.verdict = verdict
        self.sentence =
            VisibleText.isVisible(sentence) && sentence.unicodeScalars.count <= Self.sentenceMax
            ? sentence : VisibleText.escaping(sentence, max: Self.sentenceMax)
        self.at = at
        seconds = Double((took / .milliseconds(1)).rounded()) / 1000
    }
}

/// What the probes of one attempt found: kept in the job's folder by the installer, and with the job's outcome by the agent.
package struct HealthReport: Codable, Hashable, Sendable {
    /// The attempt.
    package let ticket: Ticket
    /// What the relative probes found while the old release ran; empty = nothing is known.
    package var baseline: [HealthResult]
    /// What the trial found, in order; empty until there is a verdict.
    package var results: [HealthResult]
    /// The verdict: true = the new release stays.
    package var isGood: Bool

    /// Memberwise.
    package init(ticket: Ticket, baseline: [HealthResult], results: [HealthResult] = [], isGood: Bool = false) {
        self.ticket = ticket
        self.baseline = baseline
        self.results = results
        self.isGood = isGood
    }
}
