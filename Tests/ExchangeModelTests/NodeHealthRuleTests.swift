import ExchangeModel
import Testing
import UpgradeModel
import UpgradeWire

/// States of nodes, second by second around the bounds. The defaults: heartbeats at most 120 s apart, 30 s of slack.
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
            (nil, .neverSeen), (-50, .ok), (0, .ok), (120, .ok), (150, .ok), (151, .late), (270, .late), (271, .unreachable),
            (1_000_000_000, .unreachable),
        ] as [(Int64?, NodeHealth.State)])
    func silence(heard: Int64?, state: NodeHealth.State) { #expect(Self.judge(heard: heard).state == state) }

    @Test(arguments: [(0, .ok), (40, .ok), (41, .late), (50, .late), (51, .unreachable)] as [(Int64, NodeHealth.State)])
    func aShortPauseOfItsOwn(heard: Int64, state: NodeHealth.State) {
        #expect(Self.judge(heard: heard, pause: .seconds(10)).state == state)
    }

    @Test(
        arguments: [
            (.downloadStarted, 86_400), (.downloaded, 28_800), (.initiated, 7_200), (.failed, 7_200), (.rollbackStarted, 7_200),
            (.rollbackFailed, 7_200), (.waiting, nil), (.haNodeWaiting, nil), (.reset, nil), (.successful, nil), (.noActionRequired, nil),
            (.downloadFailed, nil), (.precheckFailed, nil), (.rollbackSuccessful, nil), (.unknown, nil),
        ] as [(Status, Int64?)])
    func aJobThatOutlivesItsBoundStalls(status: Status, bound: Int64?) {
        func state(_ seconds: Int64, heard: Int64) -> NodeHealth.State {
            Self.judge(heard: heard, jobs: [.init(policy: "p", status: status, since: Self.ago(seconds))]).state
        }
        guard let bound else { return #expect(state(1_000_000_000, heard: 0) == .ok) }
        #expect(state(bound, heard: 0) == .ok)
        #expect(state(bound, heard: 200) == .late)
        #expect(state(bound + 1, heard: 0) == .stalled)
        #expect(state(bound + 1, heard: 200) == .stalled, "a late heartbeat says less than a job beyond its bound")
        #expect(state(bound + 1, heard: 300) == .unreachable, "of a silent node nobody knows how its job is")
        #expect(state(-50, heard: 0) == .ok)
    }

    @Test func theJobFurthestBeyondItsBoundIsNamed() {
        let jobs = [("a", 7_300), ("b", 9_000), ("c", 7_100)].map { name, age in
            HubHealthRow.Job(policy: name, status: .initiated, since: Self.ago(Int64(age)))
        }
        #expect(Self.judge(heard: 0, jobs: jobs).reason.hasPrefix("policy 'o/b' is 'initiated' since "))
    }

    @Test func reasonsNameTimesBoundsAndPolicy() {
        #expect(Self.judge(heard: nil).reason == "it is registered, but no heartbeat ever came")
        #expect(Self.judge(heard: 7).reason == "heard at 2027-01-15T07:59:53Z, its longest pause is 2 min")
        #expect(
            Self.judge(heard: 160).reason
                == "nothing was heard since 2027-01-15T07:57:20Z, for 2 min 40 s: more than one pause of at most 2 min and 30 s besides")
        let job = HubHealthRow.Job(policy: "p", status: .initiated, since: Self.ago(90_061))
        #expect(
            Self.judge(heard: 300, jobs: [job]).reason
                == "nothing was heard since 2027-01-15T07:55:00Z, for 5 min: more than two pauses of at most 2 min and 30 s besides; "
                + "policy 'o/p' was 'initiated' since 2027-01-14T06:58:59Z")
        #expect(
            Self.judge(heard: 0, jobs: [job]).reason
                == "policy 'o/p' is 'initiated' since 2027-01-14T06:58:59Z, for 1 d 1 h: more than 2 h")
    }

    @Test func whatTheNodeSaysIsRepeatedInVisibleCharacters() {
        let job = HubHealthRow.Job(
            policy: "p", status: .initiated, since: Self.ago(7_201),
            message: "\u{1b}[2Jdisk\nfull \u{202e}" + String(repeating: "x", count: 999))
        let reason = Self.judge(heard: 0, jobs: [job]).reason
        #expect(reason.contains("; the node says: \\u{1b}[2Jdisk\\u{a}full \\u{202e}xxx"))
        #expect(VisibleText.isVisible(reason) && reason.count < 400 && reason.hasSuffix("xxx…"))
        #expect(job.message.unicodeScalars.count == HubHealthRow.textMax)
        let node = HubHealthRow(org: "o", id: "n", softwareVersion: "e" + String(repeating: "\u{301}", count: 9_999))
        #expect(node.softwareVersion?.unicodeScalars.count == HubHealthRow.textMax)
    }

    /// The hub was away from 1000 s ago to 100 s ago: 900 s count for nobody.
    @Test(
        arguments: [(1_000, .ok), (1_050, .ok), (1_051, .late), (1_170, .late), (1_171, .unreachable), (500, .ok), (100, .ok), (0, .ok)]
            as [(Int64, NodeHealth.State)])
    func nobodyIsBlamedForTheHubsAbsence(heard: Int64, state: NodeHealth.State) {
        let absence = HubAbsence(from: Self.ago(1_000), until: Self.ago(100))
        #expect(Self.judge(heard: heard, absence: absence).state == state)
        let job = HubHealthRow.Job(policy: "p", status: .initiated, since: Self.ago(8_100))
        #expect(Self.judge(heard: 0, jobs: [job], absence: absence).state == .ok)
        #expect(HubAbsence(from: Self.now, until: Self.ago(1)) == nil)
        let silent = Self.judge(heard: 1_171, absence: absence).reason
        #expect(silent.hasPrefix("nothing was heard since 2027-01-15T07:40:29Z, for 4 min 31 s in which the hub was there: more than two"))
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
