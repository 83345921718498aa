import UpgradeModel
import UpgradeWire

/// Makes the report out of what the watch has found.
package enum FleetReportRule {
    /// What is asked for.
    package struct Question: Hashable, Sendable {
        /// Only the nodes of this org; nil = all.
        package var org: String?
        /// Whether the nodes are listed.
        package var hasNodes: Bool
        /// Only changes with a higher number.
        package var after: Int

        /// Memberwise.
        package init(org: String? = nil, hasNodes: Bool = true, after: Int = 0) {
            self.org = org
            self.hasNodes = hasNodes
            self.after = after
        }
    }

    /// Most changes of one report.
    package static let changesMax = 1_000

    /// Reads `nodes` and `after` of the query. An administrator of an org sees the own org, others who may ask see all.
    package static func question(_ query: [String: String], caller: Caller) throws(Refusal) -> Question {
        var question = Question(org: caller.role == .orgAdmin ? caller.org : nil)
        switch query["nodes"] {
        case nil, "true": question.hasNodes = true
        case "false": question.hasNodes = false
        case .some(let text): throw .badInput("'nodes' is '\(text)'; valid: true, false")
        }
        if let text = query["after"] {
            guard let number = Int(text), number >= 0 else { throw .badInput("'after' is '\(text)'; it must be the number of a change") }
            question.after = number
        }
        return question
    }

    /// - Parameters:
    ///   - since: when the watch began.
    ///   - now: when the report is made.
    package static func report(
        _ look: FleetLook, _ history: FleetHistory, _ question: Question, since: UTCInstant, at now: UTCInstant
    ) -> FleetReportDocument {
        let members = question.org.map { org in look.members.filter { $0.node.org == org } } ?? look.members
        var counts = Dictionary(uniqueKeysWithValues: NodeHealth.State.allCases.map { ($0.rawValue, 0) })
        for member in members { counts[member.health.state.rawValue, default: 0] += 1 }
        let changes = history.changes.filter { $0.number > question.after && (question.org ?? $0.place.org) == $0.place.org }
        return FleetReportDocument(
            made: now.rfc3339(fractionDigits: 3), watchingSince: since.rfc3339(fractionDigits: 3),
            look: .init(
                number: look.number, began: look.began.rfc3339(fractionDigits: 3), took: look.took / .seconds(1), nodes: members.count),
            counts: counts, nodes: question.hasNodes ? nodes(members, look.began) : nil,
            changes: changes.suffix(changesMax).map(shown))
    }

    private static func nodes(_ members: [FleetLook.Member], _ now: UTCInstant) -> [FleetReportDocument.Node] {
        let ages = members.map { member in member.node.lastHeartbeat.map { age($0, now) } }
        let sorted = ages.compactMap { $0 }.sorted()
        let told = NodeFigure.allCases.map { figure in (figure, members.compactMap { $0.node.figures[figure] }.sorted()) }
        return zip(members, ages).map { member, age in
            FleetReportDocument.Node(
                node: "\(member.node.org)/\(member.node.id)", state: member.health.state.rawValue, reason: member.health.reason,
                lastHeartbeat: member.node.lastHeartbeat?.rfc3339(fractionDigits: 3), age: age,
                percentile: age.map { percentile($0, among: sorted) }, softwareVersion: member.node.softwareVersion,
                jobs: member.node.jobs.map { job in
                    .init(
                        policy: "\(member.node.org)/\(job.policy)", status: StatusWord.word(job.status),
                        since: job.since.rfc3339(fractionDigits: 3))
                }, told: member.node.told, figures: figures(member, told))
        }
    }

    /// - Parameter told: all that was told of each figure, ascending.
    private static func figures(_ member: FleetLook.Member, _ told: [(NodeFigure, [Double])]) -> [String: FleetReportDocument.Figure]? {
        var figures: [String: FleetReportDocument.Figure] = [:]
        for (figure, all) in told {
            guard let value = member.node.figures[figure] else { continue }
            figures[figure.rawValue] = .init(value: value, percentile: percentile(value, among: all))
        }
        return figures.isEmpty ? nil : figures
    }

    /// Whole seconds; a heartbeat that came while the look was at work is none old.
    private static func age(_ heartbeat: UTCInstant, _ now: UTCInstant) -> Int {
        Int(clamping: max(0, now.duration(since: heartbeat).components.seconds))
    }

    /// How many of a hundred are not above the value.
    /// - Parameter sorted: ascending, with the value in it.
    static func percentile<Value: Comparable>(_ value: Value, among sorted: [Value]) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] <= value { low = middle + 1 } else { high = middle }
        }
        return sorted.isEmpty ? 0 : low * 100 / sorted.count
    }

    private static func shown(_ change: FleetHistory.Change) -> FleetReportDocument.Change {
        .init(
            number: change.number, node: "\(change.place.org)/\(change.place.id)", from: change.from?.rawValue, to: change.to?.rawValue,
            at: change.at.rfc3339(fractionDigits: 3), reason: change.reason)
    }
}
