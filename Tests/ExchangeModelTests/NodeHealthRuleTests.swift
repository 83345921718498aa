import ExchangeModel
import Testing
import UpgradeModel
import UpgradeWire

/// States of nodes, second by second around the bounds. The defaults: heartbeats at most 120 s apart, 100 s of slack.
@Suite struct NodeHealthRuleTests {
    private static let now = UTCInstant(secondsSinceEpoch: 1_800_000_000)

    private static func ago(_ seconds: Int64) -> UTCInstant { now.adding(.seconds(-seconds)) }

    private static func judge(
        heard: Int64?, jobs: [HubHealthRow.Job] = [], pause: Duration = .seconds(120), absence: HubAbsence? = nil
    ) -> NodeHealth {
        NodeHealthRule.judge(
            HubHealthRow(org: "o", id: "n", lastHeartbeat: heard.map(ago), jobs: jobs), longestPause: pause, bounds: NodeHealthBounds(),
            absence: absence, at: now)
    }

    @Test(
        arguments: [
            (nil, .neverSeen), (-50, .ok), (0, .ok), (120, .ok), (220, .ok), (221, .late), (340, .late), (341, .unreachable),
            (1_000_000_000, .unreachable),
        ] as [(Int64?, NodeHealth.State)])
    func silence(heard: Int64?, state: NodeHealth.State) { #expect(Self.judge(heard: heard).state == state) }

    /// An agent whose new release is on trial says nothing at all.
    @Test(arguments: [(300, .late), (95_400, .late), (95_401, .unreachable)] as [(Int64, NodeHealth.State)])
    func aNodeThatIsUpgradedIsSilentAndNotUnreachable(since: Int64, state: NodeHealth.State) {
        let health = Self.judge(heard: since + 60, jobs: [.init(policy: "p", status: .initiated, since: Self.ago(since))])
        #expect(health.state == (since == 300 ? .late : state))
        #expect(health.reason.hasSuffix("a new version says nothing until it has proved itself") == (health.state == .late))
        #expect(
            Self.judge(heard: since + 60, jobs: [.init(policy: "p", status: .downloaded, since: Self.ago(since))]).state == .unreachable)
    }

    @Test(arguments: [(0, .ok), (110, .ok), (111, .late), (120, .late), (121, .unreachable)] as [(Int64, NodeHealth.State)])
    func aShortPauseOfItsOwn(heard: Int64, state: NodeHealth.State) {
        #expect(Self.judge(heard: heard, pause: .seconds(10)).state == state)
    }

    @Test(
        arguments: [
            (.downloadStarted, 835_200), (.downloaded, 835_200), (.initiated, 95_400), (.failed, 95_400), (.rollbackStarted, 95_400),
            (.rollbackFailed, 95_400), (.waiting, nil), (.haNodeWaiting, nil), (.reset, nil), (.successful, nil), (.noActionRequired, nil),
            (.downloadFailed, nil), (.precheckFailed, nil), (.rollbackSuccessful, nil), (.unknown, nil),
        ] as [(Status, Int64?)])
    func aJobThatOutlivesItsBoundStalls(status: Status, bound: Int64?) {
        func state(_ seconds: Int64, heard: Int64) -> NodeHealth.State {
            Self.judge(heard: heard, jobs: [.init(policy: "p", status: status, since: Self.ago(seconds))]).state
        }
        guard let bound else { return #expect(state(1_000_000_000, heard: 0) == .ok) }
        #expect(state(bound, heard: 0) == .ok)
        #expect(state(bound, heard: 300) == .late)
        #expect(state(bound + 1, heard: 0) == .stalled)
        #expect(state(bound + 1, heard: 300) == .stalled, "a late heartbeat says less than a job beyond its bound")
        #expect(state(bound + 1, heard: 400) == .unreachable, "of a silent node nobody knows how its job is")
        #expect(state(-50, heard: 0) == .ok)
    }

    @Test func theJobFurthestBeyondItsBoundIsNamed() {
        let jobs = [("a", 95_500), ("b", 99_000), ("c", 95_300)].map { name, age in
            HubHealthRow.Job(policy: name, status: .initiated, since: Self.ago(Int64(age)))
        }
        #expect(Self.judge(heard: 0, jobs: jobs).reason.hasPrefix("policy 'o/b' is 'initiated' since "))
    }

    @Test func reasonsNameTimesBoundsAndPolicy() {
        #expect(Self.judge(heard: nil).reason == "it is registered, but no heartbeat ever came")
        #expect(Self.judge(heard: 7).reason == "heard at 2027-01-15T07:59:53Z, its longest pause is 2 min")
        #expect(
            Self.judge(heard: 260).reason
                == "nothing was heard since 2027-01-15T07:55:40Z, for 4 min 20 s: more than one pause of at most 2 min and 1 min 40 s besides"
        )
        let job = HubHealthRow.Job(policy: "p", status: .initiated, since: Self.ago(180_061))
        #expect(
            Self.judge(heard: 360, jobs: [job]).reason
                == "nothing was heard since 2027-01-15T07:54:00Z, for 6 min: more than two pauses of at most 2 min and 1 min 40 s besides; "
                + "policy 'o/p' was 'initiated' since 2027-01-13T05:58:59Z")
        #expect(
            Self.judge(heard: 0, jobs: [job]).reason
                == "policy 'o/p' is 'initiated' since 2027-01-13T05:58:59Z, for 2 d 2 h: more than 1 d 2 h")
    }

    @Test func whatTheNodeSaysIsRepeatedInVisibleCharacters() {
        let job = HubHealthRow.Job(
            policy: "p", status: .initiated, since: Self.ago(95_401),
            message: "\u{1b}[2Jdisk\nfull \u{202e}" + String(repeating: "x", count: 999))
        let reason = Self.judge(heard: 0, jobs: [job]).reason
        #expect(reason.contains("; the node says: \\u{1b}[2Jdisk\\u{a}full \\u{202e}xxx"))
        #expect(VisibleText.isVisible(reason) && reason.count < 400 && reason.hasSuffix("xxx…"))
        #expect(job.message.unicodeScalars.count == HubHealthRow.textMax)
        let node = HubHealthRow(org: "o", id: "n", softwareVersion: "e" + String(repeating: "\u{301}", count: 9_999))
        #expect(node.softwareVersion?.unicodeScalars.count == HubHealthRow.textMax)
    }

    /// What is asked of an agent by its settings is what the bounds say, so that nobody who keeps to them is named.
    @Test func noHealthyAgentOutlivesTheBounds() throws {
        func seconds(_ key: SettingKey) throws -> Double { try #require(Double(key.defaultValue)) }
        let bounds = NodeHealthBounds()
        #expect(try bounds.longestPause == .seconds(seconds(.pollIntervalMax)))
        let pause = try max(seconds(.pollInterval), 2 * seconds(.retryFirstDelay))
        #expect(bounds.slack >= .seconds(2 * (30 + pause)), "two lost requests")
        #expect(try bounds.fetching >= .seconds(seconds(.retrySpan) * 3600 + seconds(.retryTries) * seconds(.downloadTimeout)))
        #expect(try bounds.installing >= .seconds(seconds(.handoverTimeout) + seconds(.scriptTime) + seconds(.hookTime) * 4 + 86_400))
    }

    @Test func aJobThatSaysWhyItDoesNotFetchWaits() {
        for status in [Status.downloadStarted, .downloaded] {
            let job = HubHealthRow.Job(policy: "p", status: status, since: Self.ago(9_000_000), message: "held by root\u{1b}")
            let health = Self.judge(heard: 0, jobs: [.init(policy: "a", status: .initiated, since: Self.now), job])
            #expect(health.state == .ok)
            #expect(
                health.reason.hasSuffix(
                    "; policy 'o/p' is '\(StatusWord.word(status))' since 2026-10-03T04:00:00Z; the node says: held by root\\u{1b}"))
        }
        let job = HubHealthRow.Job(policy: "p", status: .rollbackFailed, since: Self.ago(9_000_000), message: "it does not start")
        #expect(Self.judge(heard: 0, jobs: [job]).state == .stalled, "nothing that is being installed may wait")
    }

    /// The hub was away from 1000 s ago to 400 s ago: 600 s count for nobody, and the 300 s behind them not for those who back off.
    @Test(
        arguments: [
            (1_000, .ok), (1_120, .ok), (1_121, .late), (1_240, .late), (1_241, .unreachable), (500, .ok), (401, .ok), (400, .unreachable),
            (399, .unreachable), (221, .late), (0, .ok),
        ] as [(Int64, NodeHealth.State)])
    func nobodyIsBlamedForTheHubsAbsence(heard: Int64, state: NodeHealth.State) {
        let absence = HubAbsence(from: Self.ago(1_000), until: Self.ago(400))
        #expect(Self.judge(heard: heard, absence: absence).state == state)
        let job = HubHealthRow.Job(policy: "p", status: .initiated, since: Self.ago(96_300))
        #expect(Self.judge(heard: 0, jobs: [job], absence: absence).state == .ok)
        #expect(HubAbsence(from: Self.now, until: Self.ago(1)) == nil)
        let silent = Self.judge(heard: 1_241, absence: absence).reason
        #expect(silent.hasPrefix("nothing was heard since 2027-01-15T07:39:19Z, for 5 min 41 s in which the hub was there: more than two"))
    }

    @Test(
        arguments: [
            ((0, 0), (0, 0), 120), ((10, 60), (20, 600), 60), ((0, 60), (20, 600), 600), ((0, 60), nil, 60), ((0, 0), (20, 0), 120),
            ((300, 0), (0, 0), 300), ((300, 60), (0, 0), 300), ((1, 1_000_000), (0, 0), 86_400), ((-5, -5), (-5, -5), 120),
        ] as [((Int, Int), (Int, Int)?, Int64)])
    func theLongestPauseIsTheOneThatTheAgentReckons(node: (Int, Int), org: (Int, Int)?, seconds: Int64) {
        func intervals(_ pair: (Int, Int)) -> HeartbeatIntervalsDocument { .init(minInterval: pair.0, maxInterval: pair.1) }
        let pause = NodeHealthBounds().longestPause(node: intervals(node), org: org.map(intervals))
        #expect(pause == .seconds(seconds))
    }

    @Test func absurdTimesStopNobody() {
        for moment in [UTCInstant.distantPast, .distantFuture] {
            let job = HubHealthRow.Job(policy: "p", status: .downloaded, since: moment)
            let node = HubHealthRow(org: "o", id: "n", lastHeartbeat: moment, jobs: [job])
            for now in [UTCInstant.distantPast, .distantFuture, Self.now] {
                let absence = HubAbsence(from: .distantPast, until: Self.now)
                let health = NodeHealthRule.judge(
                    node, longestPause: .seconds(86_400), bounds: NodeHealthBounds(), absence: absence, at: now)
                #expect(!health.reason.isEmpty)
            }
        }
    }
}
