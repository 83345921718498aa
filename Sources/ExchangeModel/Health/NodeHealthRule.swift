import UpgradeModel
import UpgradeWire

/// Judges a registered node by what it let the hub know. The node is asked nothing.
///
/// Silence comes first, because of a node that cannot be heard nothing else is known; then a job beyond its bound; then a late heartbeat.
package enum NodeHealthRule {
    /// Longest part of a node's own explanation that is repeated. Characters.
    package static let messageMax = 200

    /// How the node is.
    /// - Parameters:
    ///   - longestPause: between two of its heartbeats; `NodeHealthBounds.longestPause(node:org:)`.
    ///   - now: a heartbeat after it is one of this moment.
    ///   - absence: what of the time does not count, neither for heartbeats nor for jobs.
    ///   - wellBefore: the hub's start, for a node that was well when the hub looked last before it: from then on it must be heard, however
    ///     often the hub was away before.
    package static func judge(
        _ node: HubHealthRow, longestPause: Duration, bounds: NodeHealthBounds, absence: HubAbsence?, wellBefore: UTCInstant? = nil,
        at now: UTCInstant
    ) -> NodeHealth {
        guard let last = node.lastHeartbeat else { return NodeHealth(.neverSeen, reason: "it is registered, but no heartbeat ever came") }
        let silence = HubAbsence.heard(from: last, to: now, wellBefore.flatMap { HubAbsence(from: last, until: $0) } ?? absence)
        if silence > longestPause * 2 + bounds.slack {
            let reason = silent(node, silence, now, "two pauses", longestPause, bounds)
            guard isBeingUpgraded(node, bounds, absence, now) else { return NodeHealth(.unreachable, reason: reason) }
            return NodeHealth(.late, reason: reason + "; a new version says nothing until it has proved itself")
        }
        if let job = overdue(node, bounds, absence, now) { return NodeHealth(.stalled, reason: stalled(job, in: node.org, now)) }
        if silence > longestPause + bounds.slack {
            return NodeHealth(.late, reason: silent(node, silence, now, "one pause", longestPause, bounds))
        }
        return NodeHealth(.ok, reason: "heard at \(moment(last)), its longest pause is \(text(longestPause))" + waiting(node))
    }

    /// An agent whose new release is on trial tells the hub nothing, not even that it lives. Source: install.md, "Requests meanwhile".
    private static func isBeingUpgraded(_ node: HubHealthRow, _ bounds: NodeHealthBounds, _ absence: HubAbsence?, _ now: UTCInstant) -> Bool
    {
        node.jobs.contains { $0.status == .initiated && HubAbsence.heard(from: $0.since, to: now, absence) <= bounds.installing }
    }

    private typealias Overdue = (job: HubHealthRow.Job, age: Duration, bound: Duration)

    /// The job that is furthest beyond its bound.
    private static func overdue(_ node: HubHealthRow, _ bounds: NodeHealthBounds, _ absence: HubAbsence?, _ now: UTCInstant) -> Overdue? {
        let found = node.jobs.compactMap { job -> Overdue? in
            guard let bound = bounds.bound(of: job) else { return nil }
            let age = HubAbsence.heard(from: job.since, to: now, absence)
            return age > bound ? (job, age, bound) : nil
        }
        return found.max { $0.age - $0.bound < $1.age - $1.bound }
    }

    // MARK: Sentences

    private static func silent(
        _ node: HubHealthRow, _ silence: Duration, _ now: UTCInstant, _ missed: String, _ pause: Duration, _ bounds: NodeHealthBounds
    ) -> String {
        let jobs = node.jobs.map { "; policy '\(name($0, in: node.org))' was '\(StatusWord.word($0.status))' since \(moment($0.since))" }
        return "nothing was heard \(span(node.lastHeartbeat ?? now, silence, now)): more than \(missed) of at most \(text(pause)) and "
            + "\(text(bounds.slack)) besides" + (jobs.first ?? "")
    }

    private static func stalled(_ overdue: Overdue, in org: String, _ now: UTCInstant) -> String {
        let (job, age, bound) = overdue
        return "policy '\(name(job, in: org))' is '\(StatusWord.word(job.status))' \(span(job.since, age, now)): more than "
            + "\(text(bound))" + (job.message.isEmpty ? "" : "; " + said(job))
    }

    /// The first job that says why it does not go on.
    private static func waiting(_ node: HubHealthRow) -> String {
        guard let job = node.jobs.first(where: { !$0.message.isEmpty }) else { return "" }
        let word = StatusWord.word(job.status)
        return "; policy '\(name(job, in: node.org))' is '\(word)' since \(moment(job.since)); \(said(job))"
    }

    private static func said(_ job: HubHealthRow.Job) -> String {
        "the node says: " + VisibleText.escaping(job.message, max: messageMax)
    }

    /// When it began and how long that counts, which is less than has passed when the hub was away; of a quick restart nobody is told.
    private static func span(_ start: UTCInstant, _ heard: Duration, _ now: UTCInstant) -> String {
        let there = now.duration(since: start) - heard > .seconds(10) ? " in which the hub was there" : ""
        return "since \(moment(start)), for \(text(heard))\(there)"
    }

    private static func name(_ job: HubHealthRow.Job, in org: String) -> String { VisibleText.escaping("\(org)/\(job.policy)") }

    private static func moment(_ time: UTCInstant) -> String { time.rfc3339(fractionDigits: 0) }

    /// The two largest units, which is as exact as anybody needs; less than a second is 0 s.
    static func text(_ time: Duration) -> String {
        let seconds = max(0, time.components.seconds)
        let units: [(name: String, seconds: Int64)] = [("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)]
        guard let first = units.firstIndex(where: { seconds >= $0.seconds }) else { return "0 s" }
        let whole = "\(seconds / units[first].seconds) \(units[first].name)"
        let rest = seconds % units[first].seconds
        guard first + 1 < units.count, case let next = units[first + 1], rest >= next.seconds else { return whole }
        return whole + " \(rest / next.seconds) \(next.name)"
    }
}
