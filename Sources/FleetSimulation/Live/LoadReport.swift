/// What came of a run against a true hub.
package struct LoadReport: Sendable {
    /// How something that took time is spread. Within 4 %, but for the longest.
    package struct Spread: Hashable, Sendable {
        /// How often.
        package var count = 0
        /// Half took at most this.
        package var p50: Duration = .zero
        /// 95 % took at most this.
        package var p95: Duration = .zero
        /// 99 % took at most this.
        package var p99: Duration = .zero
        /// The longest.
        package var max: Duration = .zero

        /// Nothing.
        package init() {}
    }

    /// Misses, nodes without an end, words, and what is counted in a simulation too.
    package var verdict: Verdict
    /// The hub.
    package var url = ""
    /// The organization there.
    package var org = ""
    /// How long it was, without preparation and cleaning up.
    package var time: Duration = .zero
    /// Nodes that were registered.
    package var registered = 0
    /// Requests for changes.
    package var polls = 0
    /// From a call's beginning to its whole answer.
    package var calls = Spread()
    /// The same for downloads of packages.
    package var downloads = Spread()
    /// Requests by their answer: a status, or what came instead of one.
    package var answers: [String: Int] = [:]
    /// Of these, what no healthy hub answers.
    package var errors: [String: Int] = [:]
    /// Bytes of bodies that went to the hub.
    package var sent: Int64 = 0
    /// Bytes of bodies that came from it.
    package var received: Int64 = 0
    /// From the publication of a policy to the last final word on it.
    package var lastWords: [String: Duration] = [:]
    /// How late this machine was with what nodes wanted to do: much of it, and the load was less than the scenario's.
    package var behind = Spread()
    /// Processor time of this program.
    package var processor: Duration = .zero
    /// It was ended before its time.
    package var isInterrupted = false
    /// What is still at the hub, and should not be.
    package var leftovers: [String] = []

    /// Nothing was counted yet.
    package init(_ verdict: Verdict) { self.verdict = verdict }
}
