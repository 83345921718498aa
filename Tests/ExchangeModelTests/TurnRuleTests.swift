import ExchangeModel
import Testing
import UpgradeModel

/// One member at a time, and nobody for ever. Source: contract 1.7.
@Suite struct TurnRuleTests {
    private let start = UTCInstant(secondsSinceEpoch: 1_800_000_000)
    private var turn: Turn { Turn(node: "n1", policy: "p", granted: start, renewed: start) }

    private func answer(_ node: String, _ policy: String, after seconds: Int64, seen: Int64? = nil) -> TurnRule.Answer {
        TurnRule.answer(
            node: node, policy: policy, turn: turn, lastSeen: seen.map { start.adding(.seconds($0)) }, now: start.adding(.seconds(seconds)))
    }

    @Test func theFirstToAskGetsIt() {
        #expect(TurnRule.answer(node: "n1", policy: "p", turn: nil, lastSeen: nil, now: start) == .granted(turn))
    }

    @Test func onlyTheSameNodeWithTheSamePolicyGetsItAgain() {
        #expect(answer("n2", "p", after: 10) == .taken(turn))
        #expect(answer("n1", "q", after: 10) == .taken(turn))
        var renewed = turn
        renewed.renewed = start.adding(.seconds(10))
        #expect(answer("n1", "p", after: 10) == .granted(renewed))
    }

    @Test func aNodeThatGivesNoSignOfLifeLosesIt() {
        #expect(answer("n2", "p", after: 3600) == .taken(turn))
        let later = start.adding(.seconds(3601))
        #expect(answer("n2", "p", after: 3601) == .granted(Turn(node: "n2", policy: "p", granted: later, renewed: later)))
        #expect(answer("n2", "p", after: 3601, seen: 60) == .taken(turn))
        #expect(answer("n2", "p", after: 3601, seen: -60) != .taken(turn))
    }

    @Test func theWordsOfAJobUnderWayKeepIt() {
        let kept = Status.allCases.filter { !TurnRule.ends($0) }
        #expect(kept == [.downloadStarted, .downloaded, .initiated, .failed, .rollbackStarted, .rollbackFailed, .haNodeWaiting])
        #expect(TurnRule.ends(nil))
    }
}
