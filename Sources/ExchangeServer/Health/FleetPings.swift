import ExchangeModel
import FoundationEssentials
import NIOConcurrencyHelpers
import NIOPosix
import UpgradeModel
import UpgradeWire

/// What an address answered to a GET.
package enum PingReply: Sendable {
    /// An answer with any status.
    case answer(status: Int, body: [UInt8])
    /// None; one sentence without a full stop.
    case none(String)
}

/// Asks nodes that fell silent whether they run. No look waits for it: the next one takes in what came of it.
final class FleetPings: Sendable {
    /// Most nodes that are asked behind one look: those that were not asked for longest. The others' turn comes behind the next ones.
    private static let nodesMax = 320
    /// So many at a time.
    private static let atOnce = 32

    private typealias Known = (answer: PingAnswer, time: UTCInstant)
    private struct State {
        var known: [HubNodePlace: Known] = [:]
        var isAsking = false
    }

    private let pause: Duration
    /// Several times as long as the silent ones wait for their turn, so that no answer is too old before the next one comes.
    private var lasts: Duration { max(NodePingRule.answerLasts, pause * 8) }
    private let get: @Sendable (String) -> PingReply
    private let now: @Sendable () -> UTCInstant
    private let box = NIOLockedValueBox(State())

    /// - Parameters:
    ///   - pause: no node is asked more often, however many looks there are.
    ///   - get: asks a URL on the calling thread, for a bounded time.
    init(pause: Duration, now: @escaping @Sendable () -> UTCInstant, get: @escaping @Sendable (String) -> PingReply) {
        (self.pause, self.now, self.get) = (pause, now, get)
    }

    /// The verdict by heartbeat with what is known from pings.
    func judged(_ health: NodeHealth, _ node: HubHealthRow, at time: UTCInstant) -> NodeHealth {
        guard let known = box.withLockedValue({ $0.known[HubNodePlace(org: node.org, id: node.id)] }) else { return health }
        return NodePingRule.judged(health, node, by: known.answer, of: known.time, lasting: lasts, at: time)
    }

    /// Asks the silent ones of a look, unless some of an earlier one are still being asked. Of all others nothing is kept.
    /// - Returns: true when a node runs or does not otherwise than was known.
    func ask(_ look: FleetLook) async -> Bool {
        let silent = look.members.filter(NodePingRule.isWorthAsking)
        guard let before = begin(Set(silent.map(\.place))) else { return false }
        let begun = now()
        let waiting = silent.map { (member: $0, asked: before[$0.place]?.time ?? .distantPast) }
            .filter { begun.duration(since: $0.asked) >= pause }.sorted { $0.asked < $1.asked }
        let answers = await ask(waiting.prefix(Self.nodesMax).map(\.member).shuffled())
        return box.withLockedValue { state in
            state.isAsking = false
            for (place, known) in answers { state.known[place] = known }
            return answers.contains { place, known in
                let old = before[place].flatMap { begun.duration(since: $0.time) < lasts ? $0.answer : nil }
                return (known.answer == .runs) != (old == .runs)
            }
        }
    }

    /// What is known of these nodes; nil while some are being asked.
    private func begin(_ places: Set<HubNodePlace>) -> [HubNodePlace: Known]? {
        box.withLockedValue { state in
            guard !state.isAsking else { return nil }
            state.known = state.known.filter { places.contains($0.key) }
            state.isAsking = true
            return state.known
        }
    }

    /// On threads of their own, which end with it: those that answer everybody else stay free.
    private func ask(_ members: [FleetLook.Member]) async -> [HubNodePlace: Known] {
        guard !members.isEmpty else { return [:] }
        let pool = NIOThreadPool(numberOfThreads: min(Self.atOnce, members.count))
        pool.start()
        let answers = await withTaskGroup(of: (HubNodePlace, Known)?.self) { group in
            for member in members {
                group.addTask { [self] in
                    guard let answer = try? await pool.runIfActive({ [self] in answer(of: member.node) }) else { return nil }
                    return (member.place, (answer, now()))
                }
            }
            return await group.reduce(into: [HubNodePlace: Known]()) { known, one in if let one { known[one.0] = one.1 } }
        }
        try? await pool.shutdownGracefully()
        return answers
    }

    private func answer(of node: HubHealthRow) -> PingAnswer {
        switch get(node.pingURL ?? "") {
        case .none(let why): return .failed(VisibleText.escaping(why, max: NodeHealthRule.messageMax))
        case .answer(let status, let body):
            let ping = try? JSONDecoder().decode(PingDocument.self, from: Data(body))
            return NodePingRule.answer(of: "\(node.org)/\(node.id)", status: status, found: ping?.node)
        }
    }
}
