import UpgradeModel

/// What a node management policy asks of this node, as it was when the policy matched.
package struct JobTerms: Codable, Hashable, Sendable {
    /// `org/id` or `id` of the manifest.
    package let manifest: String
    /// May a component go to a lower version.
    package let allowDowngrade: Bool
    /// `now` or RFC 3339, as written.
    package let start: String
    /// Length of the window in which the start is drawn, seconds.
    package let startWindow: Int

    /// Memberwise.
    package init(manifest: String, allowDowngrade: Bool, start: String, startWindow: Int) {
        self.manifest = manifest
        self.allowDowngrade = allowDowngrade
        self.start = start
        self.startWindow = startWindow
    }

    /// False for a start that ends the job at once: a reset must not start it either.
    package var isStartReadable: Bool { (try? ScheduleRule.start(start, now: .distantPast, lastUpdated: nil)) != nil }
}

/// What stays with a policy on this node through all states of its job. Source: contract 3.1.
package struct JobFacts: Codable, Hashable, Sendable {
    /// What is asked.
    package var terms: JobTerms
    /// When it may start, the window's draw included.
    package var scheduled: UTCInstant
    /// When the installation was handed over.
    package var started: UTCInstant?
    /// When the new version was committed; nil for every other ending (seed, `endTime`).
    package var ended: UTCInstant?
    /// Versions that this job leads to, per component; empty before the plan is made.
    package var versions: [Component: String]

    /// What `latest` meant when the plan was made, for each component whose manifest version is that word; empty text where nothing was offered.
    package var latest: [Component: String]
    /// The high-availability group whose turn this job has; nil before it is granted and for a node in no group.
    package var group: String?
    /// True once a person has reset the job: then it may try a version that failed on this node before.
    package var insists: Bool?
    /// When the exchange had last written the policy, in its own words, as the job was scheduled; nil when it did not say.
    package var written: String?

    /// A job that has not begun.
    package init(terms: JobTerms, scheduled: UTCInstant, written: String? = nil) {
        self.terms = terms
        self.scheduled = scheduled
        self.written = written
        versions = [:]
        latest = [:]
    }

    /// The same job as before its first attempt.
    package var rearmed: JobFacts { JobFacts(terms: terms, scheduled: scheduled, written: written) }

    /// True when the start lies further away than the policy allows, by more than a clock is corrected now and then: it was drawn while the
    /// clock was ahead.
    package func isBeyondWindow(at now: UTCInstant) -> Bool {
        guard let start = try? ScheduleRule.start(terms.start, now: now, lastUpdated: written) else { return false }
        return scheduled > max(start, now).adding(.seconds(max(terms.startWindow, 0))).adding(.seconds(60))
    }

    /// True when the exchange has written the policy since: it was edited, or another one was published under its name.
    package func isOlder(than policy: NodeManagementPolicy) -> Bool {
        guard let old = written.flatMap({ UTCInstant(rfc3339: $0) }), let new = policy.lastUpdated.flatMap({ UTCInstant(rfc3339: $0) })
        else { return false }
        return old < new
    }
}
