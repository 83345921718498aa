/// How the registered nodes are, as `GET admin/fleet/report` tells an administrator. An addition of `uplift-exchange`.
///
/// It is what the hub's own watch found in its last look; no node is asked for it. Units: moments RFC 3339 UTC, times in seconds.
/// Source: seed `dataone-uc10-mn-status-reports.rst`, `generateReport`.
package struct FleetReportDocument: Codable, Hashable, Sendable {
    /// The look of the watch that the report is made from.
    package struct Look: Codable, Hashable, Sendable {
        /// Counted from 1 since the hub's start.
        package var number: Int
        /// When it began: states and ages are those of this moment.
        package var began: String
        /// How long it took. Seconds.
        package var took: Double
        /// Registered nodes that it looked at and that the caller may see.
        package var nodes: Int

        /// Memberwise.
        package init(number: Int, began: String, took: Double, nodes: Int) {
            self.number = number
            self.began = began
            self.took = took
            self.nodes = nodes
        }
    }

    /// A job that a node says is under way.
    package struct Job: Codable, Hashable, Sendable {
        /// `org/policy`.
        package var policy: String
        /// A status word.
        package var status: String
        /// When the node said so last.
        package var since: String

        /// Memberwise.
        package init(policy: String, status: String, since: String) {
            self.policy = policy
            self.status = status
            self.since = since
        }
    }

    /// A number that a node told, absolutely and among all of this report.
    package struct Figure: Codable, Hashable, Sendable {
        /// As it was told.
        package var value: Double
        /// How many of 100 nodes that told it told as much or less; 100 = nobody more.
        package var percentile: Int

        /// Memberwise.
        package init(value: Double, percentile: Int) {
            self.value = value
            self.percentile = percentile
        }
    }

    /// One registered node.
    package struct Node: Codable, Hashable, Sendable {
        /// `org/node`.
        package var node: String
        /// `ok`, `late`, `stalled`, `unreachable` or `never seen`.
        package var state: String
        /// Why, in one sentence.
        package var reason: String
        /// The last sign of life; nil = none ever came.
        package var lastHeartbeat: String?
        /// How long before the look that was. Whole seconds.
        package var age: Int?
        /// How many of 100 nodes of this report have a heartbeat that is as old or younger; 100 = the oldest one.
        package var percentile: Int?
        /// Version of its agent, as it says.
        package var softwareVersion: String?
        /// Ordered by policy; of many with one status the eight oldest.
        package var jobs: [Job]
        /// When it last told the hub how it is; nil = it never did.
        package var told: String?
        /// What it told then. Shape: name as in `getStatus` (`load` is that of one minute) → figure; nil = nothing.
        package var figures: [String: Figure]?

        /// Memberwise.
        package init(
            node: String, state: String, reason: String, lastHeartbeat: String? = nil, age: Int? = nil, percentile: Int? = nil,
            softwareVersion: String? = nil, jobs: [Job] = [], told: String? = nil, figures: [String: Figure]? = nil
        ) {
            self.node = node
            self.state = state
            self.reason = reason
            self.lastHeartbeat = lastHeartbeat
            self.age = age
            self.percentile = percentile
            self.softwareVersion = softwareVersion
            self.jobs = jobs
            self.told = told
            self.figures = figures
        }
    }

    /// A node that was found otherwise than in the look before.
    package struct Change: Codable, Hashable, Sendable {
        /// Counted from 1 over all starts of the hub, in the order in which they were found.
        package var number: Int
        /// `org/node`.
        package var node: String
        /// The state before; nil = it was not registered.
        package var from: String?
        /// The state since; nil = it is not registered any more.
        package var to: String?
        /// Begin of the look that found it.
        package var at: String
        /// Why, in one sentence.
        package var reason: String

        /// Memberwise.
        package init(number: Int, node: String, from: String?, to: String?, at: String, reason: String) {
            self.number = number
            self.node = node
            self.from = from
            self.to = to
            self.at = at
            self.reason = reason
        }
    }

    /// When the report was made.
    package var made: String
    /// When the hub was started.
    package var watchingSince: String
    /// What it is made from.
    package var look: Look
    /// Shape: state → how many nodes; every state is there.
    package var counts: [String: Int]
    /// Ordered by the bytes of org and id; nil = not asked for.
    package var nodes: [Node]?
    /// Oldest first; the newest of those that are kept.
    package var changes: [Change]

    /// Memberwise.
    package init(made: String, watchingSince: String, look: Look, counts: [String: Int], nodes: [Node]?, changes: [Change]) {
        self.made = made
        self.watchingSince = watchingSince
        self.look = look
        self.counts = counts
        self.nodes = nodes
        self.changes = changes
    }
}
