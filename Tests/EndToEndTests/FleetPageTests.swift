import Foundation
import Testing
import UpgradeWire

/// What a true hub tells of nodes in all five states, one of which has a hostile name and says hostile things: to Prometheus, on a terminal,
/// and on the page that `packaging/check-report` opens in a browser.
@Suite struct FleetPageTests {
    private let scratch = Scratch()
    private let hub: TestHub
    /// All that a name may hold, and that a page, a label or a shell would not take well.
    private static let hostile = "<script>alert(1)<b>\"'&`$(x) {} \\"

    init() throws {
        hub = try TestHub(scratch)
        try hub.call(
            "POST", "v1/orgs/demo/managementpolicies/p", ["label": "p", "enabled": true, "properties": [], "constraints": ["a == b"]])
        for number in 1...60 { try register("edge-\(number)") }
        for name in ["late", "stalled", "gone", "back", Self.hostile] { try register(name) }
        try hub.call(
            "PATCH", "v1/orgs/demo/nodes/late", ["heartbeatIntervals": ["minInterval": 60, "maxInterval": 86_400, "intervalAdjustment": 0]])
        try register("new", query: "?noheartbeat=true")
        for name in ["stalled", Self.hostile] { try say("initiated", name, because: "<script>\u{1b}[2J\u{202e}</td>\nevil 1") }
        for number in 1...20 { try tell("edge-\(number)", outbox: number / 20) }
        try age()
        try goOn()
    }

    private func register(_ name: String, query: String = "") throws {
        try hub.call(
            "PUT", "v1/" + HubPath.node("demo", name) + query,
            [
                "token": .string(TestHub.password), "name": .string(name), "pattern": "", "publicKey": "key",
                "softwareVersions": ["horizon": .string(name == Self.hostile ? "1\u{1b}[31m</table>" : "1.0.0")],
            ])
    }

    private func say(_ word: String, _ node: String, because message: String) throws {
        try hub.call(
            "PUT", "v1/" + HubPath.status("demo", node, "p"),
            ["agentUpgradePolicyStatus": ["scheduledTime": "t", "status": .string(word), "errorMessage": .string(message)]])
    }

    private func tell(_ node: String, outbox: Int) throws {
        let health: JSONValue = [
            "ping": ["node": .string("demo/" + node), "time": "t", "version": "1.0.0"], "versions": [:],
            "machine": ["load": [0.25, 0.5, 1], "freeDiskBytes": 40_000_000_000], "outbox": .number(Double(outbox)), "undeliverable": 0,
            "isOnTrial": false, "jobs": [],
            "work": [
                "uptimeSeconds": 60, "fetchedBytes": 0, "fetchedBytesPerSecond": 0, "transactions": 6, "transactionsPerSecond": 0.1,
                "polls": 1, "failedPolls": 0,
            ],
        ]
        try hub.call("POST", "v1/" + HubPath.selfReport("demo", node), ["health": health])
    }

    /// Nobody can wait for days: what happened now happened then.
    private func age() throws {
        hub.stop()
        let script = """
            UPDATE nodes SET last_heartbeat = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-' || (abs(random()) % 90) || ' seconds')
                WHERE last_heartbeat IS NOT NULL;
            UPDATE nodes SET last_heartbeat = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-36 hours') WHERE id = 'late';
            UPDATE nodes SET last_heartbeat = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-10 days') WHERE id IN ('gone', 'back');
            INSERT INTO fleet_states (org, id, state) VALUES ('demo', 'late', 'late'), ('demo', 'gone', 'unreachable'), ('demo', 'back', 'unreachable')
                ON CONFLICT (org, id) DO UPDATE SET state = excluded.state;
            UPDATE management_statuses SET document = json_set(document, '$.agentUpgradePolicyStatus.lastUpdated',
                strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-30 days'));
            """
        let python = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])"
        try tool(["python3", "-c", python, hub.folder + "/exchange.db", script])
    }

    /// Changes that the watch finds: what is otherwise than before the start, a node that comes back, a new one, and one that goes.
    private func goOn() throws {
        try hub.start()
        try hub.call("POST", "v1/orgs/demo/changes", ["changeId": 0, "maxRecords": 1], user: "demo/back")
        try register("fresh")
        try hub.call("DELETE", "v1/orgs/demo/nodes/edge-60")
        try eventually("three changes") { try Self.changes.isSubset(of: news()) }
    }

    private static let changes: Set = [
        "demo/back unreachable ok", "demo/fresh - ok", "demo/edge-60 ok -",
    ]

    /// Behind what was known before the nodes grew old.
    private func news() throws -> [String] {
        let since = try report().watchingSince
        return try report().changes.filter { $0.at > since }.map { "\($0.node) \($0.from ?? "-") \($0.to ?? "-")" }
    }

    private func report() throws -> FleetReportDocument {
        let body = try hub.call("GET", "v1/admin/fleet/report", user: "demo/admin")
        return try JSONDecoder().decode(FleetReportDocument.self, from: JSONEncoder().encode(body))
    }

    @Test func allStatesAreToldToEverybodyAndNoNameActs() throws {
        let found = try report()
        #expect(found.counts == ["ok": 61, "late": 1, "stalled": 2, "unreachable": 1, "never seen": 1])
        let states = (found.nodes ?? []).filter { $0.state != "ok" }.map { "\($0.node) \($0.state)" }.sorted()
        #expect(
            states == [
                "demo/\(Self.hostile) stalled", "demo/gone unreachable", "demo/late late", "demo/new never seen", "demo/stalled stalled",
            ])
        let odd = (found.nodes ?? []).first { $0.node == "demo/edge-20" }?.figures ?? [:]
        #expect(odd["outbox"] == .init(value: 1, percentile: 100) && odd["load"] == .init(value: 0.25, percentile: 100))
        let usual = (found.nodes ?? []).first { $0.node == "demo/edge-2" }?.figures ?? [:]
        #expect(usual["outbox"] == .init(value: 0, percentile: 95) && usual.count == 6)
        try checkMetrics()
        try checkPage()
    }

    /// Debian's own judge of metrics takes them.
    private func checkMetrics() throws {
        let file = scratch.path + "/metrics"
        try tool(["curl", "-sSf", "-o", file, hub.url + "/metrics"])
        let text = try String(contentsOfFile: file, encoding: .utf8)
        for line in [
            #"uplift_exchange_nodes{state="never seen"} 1"#, #"uplift_exchange_heartbeat_age_seconds{quantile="1"} "#,
            #"uplift_exchange_request_seconds_sum{route=""#, #"uplift_exchange_requests_total{route="v1/orgs/{org}/nodes/{node}",method="#,
        ] { #expect(text.contains("\n" + line), "\(line) in \(text)") }
        #expect(!text.contains("alert"))
        #expect(try tool(["sh", "-c", "promtool check metrics < '\(file)'"]) == "")
    }

    /// The page is kept where `packaging/check-report` looks for it.
    private func checkPage() throws {
        let folder = Programs.repository + "/.build/report"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let told = try tool(
            [
                Programs.path("uplift"), "--root", scratch.path, "fleet", "report", "--html", folder + "/fleet.html", "-o", "demo", "-u",
                "admin:" + TestHub.password,
            ], environment: ["HZN_EXCHANGE_URL": hub.url + "/v1"])
        #expect(told.contains("demo/gone ") && told.contains("1 never seen"))
        let page = try String(contentsOfFile: folder + "/fleet.html", encoding: .utf8)
        for part in ["&lt;script&gt;alert(1)", "unreachable", "<svg", "<td>transactionsPerSecond</td><td>20</td>", "</html>"] {
            #expect(page.contains(part), "\(part)")
        }
        for part in ["<script", "</td>\nevil", "http"] { #expect(!page.contains(part), "\(part)") }
        for text in [told, page] {
            #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{7f}" || $0 == "\u{202e}" })
        }
    }
}
