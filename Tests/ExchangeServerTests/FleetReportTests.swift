import ExchangeServer
import FoundationEssentials
import NIOConcurrencyHelpers
import SQLite
import Testing
import UpgradeModel
import UpgradeWire

/// The sequence of the use case: an administrator logs in and has a report made of what the hub's watch has found. Source: seed
/// `dataone-uc10-mn-status-reports.rst`.
@Suite struct FleetReportTests {
    /// A clock that stands until it is set forward.
    private final class Hands: Sendable {
        private let time = NIOLockedValueBox(UTCInstant(secondsSinceEpoch: 1_800_000_000))

        var now: UTCInstant { time.withLockedValue { $0 } }

        func forward(_ seconds: Int64) { time.withLockedValue { $0 = $0.adding(.seconds(seconds)) } }
    }

    private let boss = "o/boss:pw-boss"

    /// A hub with org `o`, its administrator and one policy. An hour between looks is never, for a test.
    private func run(
        every interval: Duration = .seconds(3600), _ hands: Hands = Hands(), root: String? = nil, isFresh: Bool = true,
        _ body: (TestHub, Hands) async throws -> Void
    ) async throws {
        try await TestHub.run(root: root) { options in
            options.watch.interval = interval
            options.clock = { hands.now }
        } _: { hub in
            if isFresh {
                try await hub.addOrg("o")
                try await hub.addUser("o", "boss", admin: true)
                try await hub.addPolicy("o", "p")
            }
            try await body(hub, hands)
        }
    }

    private func register(_ hub: TestHub, _ id: String, org: String = "o") async throws {
        try await hub.asRoot(
            "PUT", "/v1/orgs/\(org)/nodes/\(id)",
            ["token": .string("token-of-the-node-" + id), "name": .string(id), "pattern": "", "publicKey": "key"])
    }

    private func report(_ hub: TestHub, as auth: String? = nil, _ query: String = "") async throws -> FleetReportDocument {
        let answer = try await hub.client.send("GET", "/v1/admin/fleet/report" + query, auth: auth ?? boss)
        guard answer.status == 200 else { throw TestFailure("report: \(answer.status) \(answer.text)") }
        return try JSONDecoder().decode(FleetReportDocument.self, from: Data(answer.body))
    }

    /// Asks until the states are these: names with the states that are not `ok`.
    private func waitFor(_ hub: TestHub, _ states: [String: String]) async throws {
        var found: [String: String] = [:]
        do {
            try await waitUntil {
                let nodes = try await report(hub).nodes ?? []
                found = Dictionary(uniqueKeysWithValues: nodes.map { ($0.node, $0.state) })
                return found == states
            }
        } catch { throw TestFailure("found \(found), expected \(states)") }
    }

    private func beat(_ hub: TestHub, _ nodes: String...) async throws {
        for node in nodes {
            let answer = try await hub.client.send(
                "POST", "/v1/orgs/o/changes", auth: "o/\(node):token-of-the-node-\(node)", json: ["changeId": 0, "maxRecords": 1])
            guard answer.status == 201 else { throw TestFailure("\(node): \(answer.status) \(answer.text)") }
        }
    }

    @Test func theSilentNodeIsLateAndThenUnreachableAndNobodyElse() async throws {
        try await run(every: .milliseconds(20)) { hub, hands in
            for node in ["n1", "n2", "n3"] { try await register(hub, node) }
            try await waitFor(hub, ["o/n1": "ok", "o/n2": "ok", "o/n3": "ok"])
            for (seconds, state) in [(170, "ok"), (50, "ok"), (1, "late"), (119, "late"), (1, "unreachable")] as [(Int64, String)] {
                hands.forward(seconds)
                try await beat(hub, "n1", "n3")
                let look = try await report(hub).look.number
                try await waitUntil { try await report(hub).look.number > look + 1 }
                try await waitFor(hub, ["o/n1": "ok", "o/n2": state, "o/n3": "ok"])
            }
            let last = try await report(hub)
            #expect(last.counts == ["ok": 2, "late": 0, "stalled": 0, "unreachable": 1, "never seen": 0])
            #expect(last.nodes?.map(\.age) == [0, 341, 0] && last.nodes?.map(\.percentile) == [66, 100, 66])
            #expect(
                last.changes.map { "\($0.node) \($0.from ?? "-") \($0.to ?? "-")" }.suffix(2) == ["o/n2 ok late", "o/n2 late unreachable"])
            #expect(
                last.nodes?[1].reason.hasPrefix("nothing was heard since 2027-01-15T08:00:00Z, for 5 min 41 s: more than two pauses")
                    == true)
            let lines = [
                #"nodes{state="ok"} 2"#, #"nodes{state="unreachable"} 1"#, #"nodes{state="never seen"} 0"#,
                #"heartbeat_age_seconds{quantile="0.5"} 0"#, #"heartbeat_age_seconds{quantile="1"} 341"#,
                "heartbeat_age_seconds_sum 341", "heartbeat_age_seconds_count 3", "watch_look_timestamp_seconds 1800000341",
            ]
            _ = try await hub.metrics { text in lines.allSatisfy { text.contains("\nuplift_exchange_\($0)\n") } }
            try await beat(hub, "n2")
            try await waitFor(hub, ["o/n1": "ok", "o/n2": "ok", "o/n3": "ok"])
        }
    }

    @Test func aChangeOfRegistrationIsSeenWithoutWaitingForTheInterval() async throws {
        try await run { hub, _ in
            #expect(try await report(hub).nodes == [])
            try await hub.addNode("o", "unregistered")
            try await register(hub, "n1")
            try await waitFor(hub, ["o/n1": "ok"])
            try await hub.asRoot("PATCH", "/v1/orgs/o/nodes/unregistered", ["publicKey": "key"])
            try await waitFor(hub, ["o/n1": "ok", "o/unregistered": "ok"])
            try await hub.asRoot("DELETE", "/v1/orgs/o/nodes/n1", status: 204)
            try await waitFor(hub, ["o/unregistered": "ok"])
            let changes = try await report(hub).changes
            #expect(
                changes.map { "\($0.number) \($0.node) \($0.from ?? "-") \($0.to ?? "-")" } == [
                    "1 o/n1 - ok", "2 o/unregistered - ok", "3 o/n1 ok -",
                ])
            #expect(try await report(hub, "?nodes=false&after=2").nodes == nil)
            #expect(try await report(hub, "?nodes=false&after=2").changes.map(\.number) == [3])
        }
    }

    @Test func aJobThatOutlivedItsBoundIsStalledWithTheNodesOwnWordsMadeVisible() async throws {
        try await run(every: .milliseconds(20)) { hub, hands in
            try await register(hub, "n1")
            try await hub.asRoot(
                "PUT", "/v1/orgs/o/nodes/n1/managementStatus/p",
                ["agentUpgradePolicyStatus": ["scheduledTime": "t", "status": "initiated", "errorMessage": "<script>\u{1b}[2J"]])
            hands.forward(95_400)
            try await beat(hub, "n1")
            try await waitFor(hub, ["o/n1": "ok"])
            hands.forward(1)
            try await waitFor(hub, ["o/n1": "stalled"])
            let node = try await report(hub).nodes?.first
            #expect(
                node?.reason == "policy 'o/p' is 'initiated' since 2027-01-15T08:00:00Z, for 1 d 2 h: more than 1 d 2 h; the node says: "
                    + "<script>\\u{1b}[2J")
            #expect(node?.jobs == [.init(policy: "o/p", status: "initiated", since: "2027-01-15T08:00:00.000Z")])
        }
    }

    @Test func anOrgSeesItselfAndTheHubSeesAll() async throws {
        try await run { hub, _ in
            try await hub.addOrg("x")
            try await hub.addUser("x", "boss", admin: true)
            try await hub.addUser("o", "hub", hubAdmin: true)
            try await register(hub, "n1")
            try await register(hub, "m1", org: "x")
            try await waitFor(hub, ["o/n1": "ok"])
            for (auth, nodes) in [
                (boss, ["o/n1"]), ("x/boss:pw-boss", ["x/m1"]), ("o/hub:pw-hub", ["o/n1", "x/m1"]),
                ("root/root:\(TestHub.rootPassword)", ["o/n1", "x/m1"]),
            ] {
                try await waitUntil { try await report(hub, as: auth).nodes?.map(\.node) == nodes }
                #expect(Set(try await report(hub, as: auth).changes.map(\.node)) == Set(nodes), "\(auth)")
            }
            for query in ["?nodes=x", "?after=x"] { try await hub.asRoot("GET", "/v1/admin/fleet/report" + query, status: 400) }
        }
    }

    /// The nodes of the changes that are in the database.
    private func kept(_ hub: TestHub) throws -> [String] {
        let database = try Database.open(path: hub.root + "/exchange.db")
        return try database.query("SELECT id FROM fleet_changes ORDER BY number", []).map { try $0.text("id") }
    }

    /// How the nodes are, by the database.
    private func states(_ hub: TestHub) throws -> [String] {
        let database = try Database.open(path: hub.root + "/exchange.db")
        return try database.query("SELECT id || ' ' || state AS line FROM fleet_states ORDER BY id", []).map { try $0.text("line") }
    }

    /// What was found before a start is told after it, what happened meanwhile too, and numbers go on.
    @Test func changesOutliveAStart() async throws {
        let (root, hands) = (try makeScratchFolder(), Hands())
        defer { removeFolder(root) }
        try await run(every: .milliseconds(20), hands, root: root) { hub, hands in
            for node in ["n1", "n2"] { try await register(hub, node) }
            try await waitFor(hub, ["o/n1": "ok", "o/n2": "ok"])
            hands.forward(230)
            try await beat(hub, "n2")
            try await waitFor(hub, ["o/n1": "late", "o/n2": "ok"])
            try await waitUntil { try kept(hub) == ["n1", "n2", "n1"] }
            try await beat(hub, "n1")
        }
        try await run(hands, root: root, isFresh: false) { hub, _ in
            let changes = try await report(hub).changes
            #expect(changes.map(\.number) == Array(1...changes.count))
            let told = changes.map { "\($0.node) \($0.from ?? "-") \($0.to ?? "-")" }
            #expect(told == ["o/n1 - ok", "o/n2 - ok", "o/n1 ok late", "o/n1 late ok"])
            try await register(hub, "n3")
            try await waitUntil { try await report(hub, "?nodes=false&after=4").changes.map(\.node) == ["o/n3"] }
        }
    }

    /// A trigger stands for a full disk.
    @Test func aStoreThatTakesNoWritesForAWhileLosesNoChange() async throws {
        try await run(every: .milliseconds(20)) { hub, _ in
            let database = try Database.open(path: hub.root + "/exchange.db")
            try database.executeScript(
                "CREATE TRIGGER trap BEFORE INSERT ON fleet_changes BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
            for node in ["n1", "n2"] { try await register(hub, node) }
            try await waitUntil { try await report(hub).changes.map(\.node) == ["o/n1", "o/n2"] }
            #expect(try kept(hub) == [])
            try database.execute("DROP TRIGGER trap")
            try await waitUntil { try kept(hub) == ["n1", "n2"] }
        }
    }

    /// Two nodes are well and one is gone when the hub goes, for an hour.
    @Test func aHubThatWasAwayBlamesNobodyForIt() async throws {
        let (root, hands) = (try makeScratchFolder(), Hands())
        defer { removeFolder(root) }
        try await run(every: .milliseconds(20), hands, root: root) { hub, hands in
            for node in ["n1", "n2", "n3"] { try await register(hub, node) }
            hands.forward(1_000)
            try await beat(hub, "n1", "n2")
            try await waitFor(hub, ["o/n1": "ok", "o/n2": "ok", "o/n3": "unreachable"])
            try await waitUntil { try states(hub) == ["n1 ok", "n2 ok", "n3 unreachable"] }
        }
        hands.forward(3_600)
        try await run(every: .milliseconds(20), hands, root: root, isFresh: false) { hub, hands in
            try await waitFor(hub, ["o/n1": "ok", "o/n2": "ok", "o/n3": "unreachable"])
            try await beat(hub, "n1")
            hands.forward(300 + 220)
            try await beat(hub, "n1")
            try await waitFor(hub, ["o/n1": "ok", "o/n2": "ok", "o/n3": "unreachable"])
            hands.forward(1)
            try await waitFor(hub, ["o/n1": "ok", "o/n2": "late", "o/n3": "unreachable"])
        }
    }
    /// The first start forgives an hour; the second one must not take that back from who was not heard in between.
    @Test func twoStartsInARowBlameNobody() async throws {
        let (root, hands) = (try makeScratchFolder(), Hands())
        defer { removeFolder(root) }
        try await run(every: .milliseconds(20), hands, root: root) { hub, _ in
            for node in ["n1", "n2"] { try await register(hub, node) }
            try await beat(hub, "n1", "n2")
            try await waitUntil { try states(hub) == ["n1 ok", "n2 ok"] }
        }
        hands.forward(3_600)
        try await run(every: .milliseconds(20), hands, root: root, isFresh: false) { hub, hands in
            try await beat(hub, "n1")
            try await waitFor(hub, ["o/n1": "ok", "o/n2": "ok"])
            hands.forward(60)
        }
        try await run(every: .milliseconds(20), hands, root: root, isFresh: false) { hub, hands in
            try await waitFor(hub, ["o/n1": "ok", "o/n2": "ok"])
            hands.forward(300 + 220)
            try await beat(hub, "n1")
            try await waitFor(hub, ["o/n1": "ok", "o/n2": "ok"])
            hands.forward(1)
            try await waitFor(hub, ["o/n1": "ok", "o/n2": "late"])
        }
    }
}
