import ExchangeModel
import NIOConcurrencyHelpers
import UpgradeModel
import UpgradeWire

/// What the hub wants to hear of its nodes, said in the answer to a poll: what they did whenever there is news of it, and how they are once in
/// an interval. What was heard is remembered in memory alone: after a start everybody is asked.
final class SelfReports: Sendable {
    /// One kind of end of one kind of work.
    struct OperationKey: Hashable {
        let activity: String
        let type: String
    }

    private let interval: Duration
    private let heard = NIOLockedValueBox<[HubNodePlace: UTCInstant]>([:])
    private let ended = NIOLockedValueBox<[OperationKey: Int]>([:])

    /// - Parameter interval: how old a node's health may be before it is asked for it again.
    init(interval: Duration) { self.interval = interval }

    /// A node told how it is.
    func heard(_ place: HubNodePlace, at now: UTCInstant) { heard.withLockedValue { $0[place] = now } }

    /// Ends of work that nodes told, since the start; one that is told twice counts twice.
    var operations: [OperationKey: Int] { ended.withLockedValue { $0 } }

    /// Nodes told what they did. What this version does not know is `other`, so that nobody can make as many kinds as there are words.
    func told(_ records: [HubOperation]) {
        ended.withLockedValue { ended in
            for record in records where !record.isOpen {
                let activity = Operation.Activity(rawValue: record.document.activity)?.rawValue ?? "other"
                let type = Operation.Stage(rawValue: record.document.type)?.rawValue ?? "other"
                ended[OperationKey(activity: activity, type: type), default: 0] += 1
            }
        }
    }

    /// A node is not there any more.
    func forget(_ place: HubNodePlace) { heard.withLockedValue { $0[place] = nil } }

    /// What a caller is asked for; nil for who is no node.
    func wanted(of caller: Caller, at now: UTCInstant) -> [String]? {
        guard caller.role == .node else { return nil }
        let place = HubNodePlace(org: caller.org, id: caller.id)
        let isFresh = heard.withLockedValue { heard in
            // A clock that was set back makes nobody wait for it.
            heard[place].map { $0 <= now && now.duration(since: $0) < interval } ?? false
        }
        return (isFresh ? [] : [SelfReportPart.health.rawValue]) + [SelfReportPart.opstatus.rawValue]
    }
}
