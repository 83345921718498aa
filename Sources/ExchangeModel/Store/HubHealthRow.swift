import UpgradeModel
import UpgradeWire

/// What the health of a registered node is judged by.
package struct HubHealthRow: Hashable, Sendable {
    /// A job that the node says is under way.
    package struct Job: Hashable, Sendable {
        /// Bare name of the policy.
        package var policy: String
        /// How far it is.
        package var status: Status
        /// When the node said so last.
        package var since: UTCInstant
        /// The beginning of the node's own explanation, as it came; empty = none.
        package var message: String

        /// Memberwise.
        package init(policy: String, status: Status, since: UTCInstant, message: String = "") {
            self.policy = policy
            self.status = status
            self.since = since
            self.message = HubHealthRow.beginning(message)
        }
    }

    /// Its org.
    package var org: String
    /// Its bare id.
    package var id: String
    /// Its last sign of life; nil = none ever came.
    package var lastHeartbeat: UTCInstant?
    /// How often it polls, as far as it is set for this node.
    package var intervals: HeartbeatIntervalsDocument
    /// The beginning of its agent's version, as it says; nil = it does not.
    package var softwareVersion: String?
    /// Where it can be asked itself; nil = it tells no such address.
    package var pingURL: String?
    /// Ordered by policy; only those whose words say that something is under way, and of each word the `jobsMax` oldest.
    package var jobs: [Job]
    /// When the node last told how it is; nil = it never did.
    package var told: String?
    /// What it told then.
    package var figures: [NodeFigure: Double] = [:]

    /// Memberwise; nothing known unless given.
    package init(
        org: String, id: String, lastHeartbeat: UTCInstant? = nil, intervals: HeartbeatIntervalsDocument = .init(),
        softwareVersion: String? = nil, endPoint: String = "", jobs: [Job] = []
    ) {
        self.org = org
        self.id = id
        self.lastHeartbeat = lastHeartbeat
        self.intervals = intervals
        self.softwareVersion = softwareVersion.map(Self.beginning)
        pingURL = NodePingRule.url(endPoint)
        self.jobs = jobs
    }

    /// Longest text of a node that is kept: it may say much, and there are many. Unicode scalars.
    package static let textMax = 256

    /// Most jobs of one word: which one is furthest beyond its bound shows among few, and a node may have as many as it likes.
    package static let jobsMax = 8

    private static func beginning(_ text: String) -> String {
        text.utf8.count <= textMax ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(textMax)))
    }

    /// The words of jobs under way: those that keep a group's turn.
    package static let wordsUnderWay = Status.allCases.filter { !TurnRule.ends($0) }.map { StatusWord.word($0) }
}

/// A place among the nodes of the hub, which are ordered by the bytes of org and id.
package struct HubNodePlace: Hashable, Sendable {
    /// Org of the node.
    package var org: String
    /// Bare id of the node.
    package var id: String

    /// Before the first node.
    package static let begin = HubNodePlace(org: "", id: "")

    /// Memberwise.
    package init(org: String, id: String) {
        self.org = org
        self.id = id
    }
}

/// By way of whole nodes and statuses; a database that can do with less does so.
extension HubReading {
    /// The registered nodes behind a place.
    package func healthRows(after place: HubNodePlace, limit: Int) throws -> [HubHealthRow] {
        var rows: [HubHealthRow] = []
        for org in try orgs().keys.sorted() where org >= place.org {
            for (id, node) in try nodes(org, owner: nil).sorted(by: { $0.key < $1.key }) where !node.publicKey.isEmpty {
                if (org, id) <= (place.org, place.id) { continue }
                if rows.count == limit { return rows }
                var row = HubHealthRow(
                    org: org, id: id, lastHeartbeat: node.lastHeartbeat.flatMap { UTCInstant(rfc3339: $0) },
                    intervals: node.heartbeatIntervals, softwareVersion: node.softwareVersions.software, endPoint: node.msgEndPoint,
                    jobs: try jobs(org, id))
                if let told = try nodeHealth(org, id) {
                    row.told = told.received
                    for figure in NodeFigure.allCases { row.figures[figure] = figure.value(in: told.health) }
                }
                rows.append(row)
            }
        }
        return rows
    }

    private func jobs(_ org: String, _ id: String) throws -> [HubHealthRow.Job] {
        let jobs = try managementStatuses(org, id, policy: nil).compactMap { policy, status in
            let said = status.agentUpgradePolicyStatus
            return HubHealthRow.Job(policy: policy, word: said.status, since: said.lastUpdated, message: said.errorMessage)
        }
        let oldest = Dictionary(grouping: jobs, by: \.status).values.flatMap { jobs in
            jobs.sorted { ($0.since, $0.policy) < ($1.since, $1.policy) }.prefix(HubHealthRow.jobsMax)
        }
        return oldest.sorted { $0.policy < $1.policy }
    }
}

extension HubHealthRow.Job {
    /// A job as a status shows it; nil when nothing is under way, or when nobody can say since when.
    package init?(policy: String, word: String?, since: String?, message: String?) {
        guard let word, HubHealthRow.wordsUnderWay.contains(word), let status = StatusWord.status(word) else { return nil }
        guard let since = since.flatMap({ UTCInstant(rfc3339: $0) }) else { return nil }
        self.init(policy: policy, status: status, since: since, message: message ?? "")
    }
}
