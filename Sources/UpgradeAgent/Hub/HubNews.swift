import UpgradeCore
import UpgradeModel
import UpgradePorts

/// What changed at the hub since the last look. Source: contract 1.6.
struct HubNews: Sendable {
    /// Something that an evaluation reads changed, or there was no look before.
    let mustEvaluate: Bool
    /// A status changed, perhaps to `reset`.
    let mustReadStatuses: Bool
    /// Nothing changed that concerns upgrades.
    let isQuiet: Bool
    /// The page was full.
    let hasMore: Bool
    /// The cursor was only set: what was there before is read by the evaluation.
    let isFirst: Bool
    /// What the hub wants to hear of this node.
    var wanted: Set<SelfReportPart> = []

    private static let evaluated: Set<String> = ["mgmtpolicy", "nodepolicies", "node", "org", "agentfileversion"]

    /// Asks, which is the heartbeat too, and commits how far was read.
    static func look(_ client: any ExchangeClient, _ engine: Engine) throws -> HubNews {
        guard let text = engine.value(.nextChange), let next = Int64(text) else {
            let newest = try client.maxChangeID()
            // The heartbeat. Before the cursor: were it kept and this lost, nobody would evaluate what had come since the last evaluation.
            let page = try client.changes(from: newest)
            try engine.record([.set(.nextChange, String(newest))])
            return HubNews(mustEvaluate: true, mustReadStatuses: false, isQuiet: true, hasMore: false, isFirst: true, wanted: page.wanted)
        }
        let page = try client.changes(from: next)
        if page.next != next { try engine.record([.set(.nextChange, String(page.next))]) }
        let mustEvaluate = !page.resources.isDisjoint(with: evaluated)
        let mustReadStatuses = page.resources.contains("nodemgmtpolstatus")
        let isQuiet = !mustEvaluate && !mustReadStatuses
        return HubNews(
            mustEvaluate: mustEvaluate, mustReadStatuses: mustReadStatuses, isQuiet: isQuiet, hasMore: page.hasMore, isFirst: false,
            wanted: page.wanted)
    }
}
