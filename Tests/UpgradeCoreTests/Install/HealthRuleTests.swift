import Testing
import UpgradeCore
import UpgradeModel

@Suite struct HealthRuleTests {
    private let good = ProbeResult(succeeded: true, reason: "")
    private func bad(_ reason: String) -> ProbeResult { ProbeResult(succeeded: false, reason: reason) }

    /// `control fresh control`, `+` for an answer of the hub.
    private func round(_ signs: String) -> HealthRule.Round {
        let results = zip(signs, ["before", "fresh", "after"]).map { $0 == "+" ? good : bad($1) }
        return HealthRule.Round(before: results[0], fresh: results[1], after: results[2])
    }

    private func judge(_ rounds: [String], replacesConnection: Bool = false) -> [String] {
        var rule = HealthRule(replacesConnection: replacesConnection)
        return rounds.map {
            switch rule.judge(round($0)) {
            case .good: "good"
            case .bad: "bad"
            case .goodWithoutHub: "good without hub"
            case .undecided: "?"
            }
        }
    }

    @Test(arguments: ["+++", "-+-", "++-", "-++"], [true, false])
    func aNewReleaseThatReachesTheHubIsGood(_ signs: String, _ replacesConnection: Bool) {
        #expect(judge([signs], replacesConnection: replacesConnection) == ["good"])
    }

    @Test(arguments: [true, false])
    func threeBadRoundsInARowFailTheUpgrade(_ replacesConnection: Bool) {
        #expect(judge(["+-+", "+-+", "+-+"], replacesConnection: replacesConnection) == ["?", "?", "bad"])
    }

    @Test(arguments: ["--+", "+--"], [true, false])
    func aRoundWithAFailedControlResetsTheCount(_ signs: String, _ replacesConnection: Bool) {
        #expect(
            judge(["+-+", "+-+", signs, "+-+", "+-+", "+-+"], replacesConnection: replacesConnection) == ["?", "?", "?", "?", "?", "bad"])
    }

    @Test func anOutageResetsTheCountToo() {
        #expect(judge(["+-+", "+-+", "---", "+-+", "+-+", "+-+"], replacesConnection: true) == ["?", "?", "?", "?", "?", "bad"])
    }

    @Test func aGoodRoundResetsTheCountToo() {
        #expect(judge(["+-+", "+-+", "+++", "+-+", "+-+", "+-+"]) == ["?", "?", "good", "?", "?", "bad"])
    }

    @Test func softwareAloneIsCommittedWhileTheHubIsAway() {
        #expect(judge(["---"]) == ["good without hub"])
    }

    @Test func aNewConnectionWaitsForTheHubForAsLongAsItTakes() {
        #expect(
            judge(Array(repeating: "---", count: 1000) + ["+++"], replacesConnection: true) == Array(repeating: "?", count: 1000) + ["good"]
        )
    }

    @Test func theVerdictSaysWhatWasFound() {
        var rule = HealthRule(replacesConnection: true)
        let verdicts = ["---", "+--", "+-+", "+-+", "+-+"].map { rule.judge(round($0)) }
        #expect(
            verdicts == [
                .undecided(why: "hub away: before"), .undecided(why: "hub away: after"), .undecided(why: "round 1 of 3 failed: fresh"),
                .undecided(why: "round 2 of 3 failed: fresh"),
                .bad(cause: "the new release does not reach the hub, the old one does: fresh"),
            ])
    }
}
