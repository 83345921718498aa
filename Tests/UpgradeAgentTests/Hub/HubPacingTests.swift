import Testing
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// When the hub is spoken to. Source: contract 1.6; architecture, "Errors".
@Suite struct HubPacingTests {
    private let clock = SimClock()

    private func pacing() -> HubPacing {
        let text = "poll-interval-seconds=20\npoll-interval-max-seconds=60\nretry-first-delay-seconds=10\n"
        let settings = Settings(layers: [.init(name: "test", text: text, isLocal: true)])
        return HubPacing(clock: clock, randomness: SimRandomness(seed: 1), settings: settings)
    }

    private func news(quiet: Bool = true, more: Bool = false, first: Bool = false) -> HubNews {
        HubNews(mustEvaluate: !quiet, mustReadStatuses: false, isQuiet: quiet, hasMore: more, isFirst: first)
    }

    private func record(min: Int = 0, max: Int = 0) -> NodeRecord {
        NodeRecord(pattern: "acme/p", pollMin: min, pollMax: max, softwareVersions: [:])
    }

    @Test func `the first poll is due at once, the next one an interval after the last`() {
        let pacing = pacing()
        #expect(pacing.isPollDue(at: clock.sinceBoot()) && pacing.mayTry(at: clock.sinceBoot()))
        pacing.looked(at: news(first: true))
        #expect(!pacing.polled())
        #expect(!pacing.isPollDue(at: clock.sinceBoot()))
        #expect(pacing.pause(isOwing: false) == .seconds(20))
        #expect(pacing.pause(isOwing: true) == .milliseconds(1))
        clock.advance(by: .seconds(20))
        #expect(pacing.isPollDue(at: clock.sinceBoot()))
        #expect(pacing.pause(isOwing: false) == .milliseconds(1))
    }

    @Test func `quiet polls stretch the interval, news bring it back, more pages come without a pause`() {
        let pacing = pacing()
        for _ in 0..<3 { pacing.looked(at: news()) }
        #expect(pacing.contact.interval == .seconds(40))
        pacing.looked(at: news(first: true))
        #expect(pacing.contact.interval == .seconds(40))
        pacing.looked(at: news(more: true))
        #expect(pacing.contact.interval == .zero)
        pacing.looked(at: news())
        #expect(pacing.contact.interval == .seconds(20))
    }

    @Test func `upkeep is due after the start, each hour, and while there is more`() {
        let pacing = pacing()
        #expect(pacing.isUpkeepDue(at: .seconds(7)) && !pacing.isUpkeepDue(at: .seconds(3606)))
        #expect(pacing.isUpkeepDue(at: .seconds(3607)) && !pacing.isUpkeepDue(at: .seconds(3608)))
        pacing.upkeepGoesOn()
        #expect(pacing.isUpkeepDue(at: .seconds(3608)))
    }

    @Test func `polls are counted by how they ended`() {
        let pacing = pacing()
        pacing.succeeded()
        _ = pacing.polled()
        pacing.failed(SimExchange.status(500))
        _ = pacing.polled()
        #expect(pacing.contact.polls == 1 && pacing.contact.failedPolls == 1)
    }

    @Test func `a quiet time begins once after news and after a failure`() {
        let pacing = pacing()
        let poll = { (news: HubNews) in
            pacing.looked(at: news)
            return pacing.polled()
        }
        #expect(
            [news(first: true), news(), news(), news(quiet: false), news(), news(more: true), news()].map(poll) == [
                false, true, false, false, true, false, true,
            ])
        pacing.failed(SimExchange.away)
        #expect(!pacing.polled())
        #expect(poll(news()))
    }

    @Test func `the exchange's own intervals win over the settings`() {
        let pacing = pacing()
        pacing.adopt(record(min: 30, max: 300))
        #expect(pacing.contact.interval == .seconds(30))
        #expect(pacing.contact.pattern == "acme/p")
        pacing.adopt(record())
        #expect(pacing.contact.interval == .seconds(30))
    }

    @Test func `failures pause longer and longer, and bring the shortest interval back`() {
        let pacing = pacing()
        for _ in 0..<3 { pacing.looked(at: news()) }
        var pauses: [Duration] = []
        for _ in 0..<8 {
            pacing.failed(SimExchange.away)
            pauses.append(pacing.pause(isOwing: true))
        }
        #expect(pacing.contact.interval == .seconds(20))
        #expect(pacing.contact.trouble == SimExchange.away.description)
        #expect((5...10).contains(pauses[0] / .seconds(1)))
        // However long a download may wait, the hub is asked every five minutes.
        #expect((150...300).contains(pauses[7] / .seconds(1)))
        #expect(!pacing.mayTry(at: clock.sinceBoot()))
        pacing.hurry()
        #expect(pacing.mayTry(at: clock.sinceBoot()))
        pacing.succeeded()
        #expect(pacing.contact.trouble == nil)
        #expect(pacing.contact.lastGood == clock.now())
        pacing.failed(SimExchange.away)
        #expect(pacing.pause(isOwing: true) <= .seconds(10))
    }

    @Test func `a hub that asks for patience gets it, and credentials that are refused are called so`() {
        let pacing = pacing()
        pacing.failed(SimExchange.status(503, retryAfter: .seconds(777)))
        #expect(pacing.pause(isOwing: true) == .seconds(777))
        #expect(pacing.pause(isOwing: false) == .seconds(777))
        pacing.failed(SimExchange.status(401))
        #expect(pacing.contact.trouble == "credentials refused")
    }
}
