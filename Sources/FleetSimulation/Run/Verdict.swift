/// What came of a run.
package struct Verdict: Sendable {
    /// Something that was found on a node.
    package struct Finding: Hashable, Sendable {
        /// When, from the run's beginning.
        package let at: Duration
        /// Where.
        package let node: String
        /// What, one sentence.
        package let what: String

        /// Memberwise.
        package init(at: Duration, node: String, what: String) {
            self.at = at
            self.node = node
            self.what = what
        }
    }

    /// How much happened.
    package struct Figures: Sendable {
        /// Machines.
        package var nodes = 0
        /// Things that happened on the timeline.
        package var happenings = 0
        /// Requests at the hub.
        package var requests = 0
        /// Most of them in one second.
        package var mostRequestsPerSecond = 0
        /// Bytes of packages.
        package var bytes: Int64 = 0
        /// Most nodes down at once because of upgrades.
        package var mostDown = 0
        /// Most members of one high-availability group.
        package var mostDownInGroup = 0
        /// How often a fault had an effect.
        package var faults = 0
        /// Nodes that at the end have committed a version that dies by itself there, or reaches no hub.
        package var unwell = 0
        /// Words at the end, by policy.
        package var statuses: [String: [String: Int]] = [:]
    }

    /// The answers that a caller tells apart.
    package enum Outcome: String, Sendable {
        /// All is as expected.
        case passed
        /// Nothing was broken, but an expectation is missed.
        case wrongResult = "wrong result"
        /// What must never be, was.
        case brokenInvariant = "broken invariant"
        /// Somebody does not come to an end.
        case noProgress = "no progress"
    }

    /// The scenario's name.
    package let scenario: String
    /// One sentence of the scenario for people.
    package var about = ""
    /// The seed.
    package let seed: UInt64
    /// Expectations that were missed.
    package var misses: [String] = []
    /// What must never be.
    package var violations: [Finding] = []
    /// Nodes that did not come to rest.
    package var stuck: [Finding] = []
    /// 16 hexadecimal digits; the same for the same scenario and seed on every machine.
    package var traceHash = ""
    /// How long after the last fault everything was at rest.
    package var settledAfter: Duration = .zero
    /// How much happened.
    package var figures = Figures()
    /// How the fleet was in between.
    package var chronicle = Chronicle()
    /// What small fleets said.
    package var courses = Courses()

    /// Nothing is found yet.
    package init(scenario: String, seed: UInt64) {
        self.scenario = scenario
        self.seed = seed
    }

    /// Lets go of what only a picture shows: there may be thousands of runs.
    package mutating func forgetPictures() { (chronicle, courses) = (Chronicle(), Courses()) }

    /// The worst of what was found.
    package var outcome: Outcome {
        if !violations.isEmpty { return .brokenInvariant }
        if !stuck.isEmpty { return .noProgress }
        return misses.isEmpty ? .passed : .wrongResult
    }
}
