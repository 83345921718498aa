import ExchangeServer
import Testing
import UpgradeWire

/// What nodes tell of themselves when the hub asks. Source: seeds `nmis-opstatus.txt` and `dataone-uc10-mn-status-reports.rst`.
@Suite struct SelfReportTests {
    private let node = "o/n1:tok-n1"
    private let path = "/v1/orgs/o/nodes/n1"

    private func run(_ body: (TestHub) async throws -> Void) async throws {
        try await TestHub.run { hub in
            for org in ["o", "x"] { try await hub.addOrg(org) }
            for user in ["owner", "stranger"] { try await hub.addUser("o", user) }
            try await hub.addUser("o", "boss", admin: true)
            try await hub.addUser("x", "boss", admin: true)
            try await hub.addNode("o", "n1", by: "o/owner:pw-owner")
            try await body(hub)
        }
    }

    private func record(_ id: String, activity: String = "plan", type: String = "completed", status: JSONValue = "ok") -> JSONValue {
        [
            "_id": .string(id), "activity": .string(activity), "type": .string(type), "status": status, "details": "<b>\u{1b}",
            "time": 1_555_935_485.269778, "stats": ["time": 0.5], "expire_at": "2019-06-21T12:18:05.269Z",
            "context": ["node_uuid": "x/liar", "queue_tag": "o/p", "worker_process": 7], "word of another version": true,
        ]
    }

    private let health: JSONValue = [
        "ping": ["node": "o/n1", "time": "2027-01-01T00:00:00Z", "version": "1.0.0"], "versions": ["software": "1.0.0"],
        "machine": ["load": [0.5, 1, 2]], "outbox": 0, "undeliverable": 0, "isOnTrial": false, "jobs": [], "news of another version": 1,
        "work": [
            "uptimeSeconds": 1, "fetchedBytes": 0, "fetchedBytesPerSecond": 0, "transactions": 1, "transactionsPerSecond": 1, "polls": 1,
            "failedPolls": 0,
        ],
    ]

    private func wanted(_ hub: TestHub, as auth: String) async throws -> JSONValue? {
        let answer = try await hub.client.send("POST", "/v1/orgs/o/changes", auth: auth, json: ["changeId": 0, "maxRecords": 1])
        return answer.json?[member: "selfReport"]
    }

    private func tell(_ hub: TestHub, _ records: [JSONValue], as auth: String? = nil) async throws -> Answer {
        try await hub.client.send("POST", path + "/selfReport", auth: auth ?? node, json: ["opstatus": .array(records)])
    }

    private func seen(_ hub: TestHub, _ query: String = "", as auth: String = "o/boss:pw-boss") async throws -> [JSONValue] {
        let answer = try await hub.client.send("GET", "/v1/admin/opstatus" + query, auth: auth)
        guard answer.status == 200 else { throw TestFailure("\(answer.status) \(answer.text)") }
        return answer.json?[member: "opstatus"]?.array ?? []
    }

    @Test func onlyNodesAreAskedAndForTheirHealthOnceInAnInterval() async throws {
        try await run { (hub: TestHub) async throws in
            #expect(try await wanted(hub, as: "o/owner:pw-owner") == nil)
            #expect(try await wanted(hub, as: node) == ["health", "opstatus"])
            let path = path
            #expect(try await hub.client.send("GET", path + "/health", auth: node).status == 404)
            #expect(try await hub.client.send("POST", path + "/selfReport", auth: node, json: ["health": health]).status == 201)
            #expect(try await wanted(hub, as: node) == ["opstatus"])
            let shown = try await hub.client.send("GET", path + "/health", auth: "o/owner:pw-owner").json
            #expect(shown?[member: "health"]?[member: "versions"] == ["software": "1.0.0"])
            #expect(shown?[member: "received"]?.string?.hasSuffix("Z") == true)
            #expect(try await hub.client.send("GET", path + "/health", auth: "o/stranger:pw-stranger").status == 403)
            #expect(try await hub.client.send("DELETE", path, auth: node).status == 204)
            try await hub.addNode("o", "n1", by: "o/owner:pw-owner")
            #expect(try await hub.client.send("GET", path + "/health", auth: node).status == 404)
            #expect(try await wanted(hub, as: node) == ["health", "opstatus"])
        }
    }

    @Test func recordsAreKeptUnderTheNameOfWhoToldThemAndShownToAdministrators() async throws {
        try await run { (hub: TestHub) async throws in
            let first = try await tell(hub, [record("a", type: "running", status: .null), record("b", activity: "poll")])
            #expect(first.status == 201, "\(first.text)")
            #expect(try await tell(hub, [record("a", type: "exception", status: "error")]).status == 201)
            let odd: [JSONValue] = [record("c", activity: "word\"\n{}", type: "<b>"), record("d", activity: "word 2", type: "<b>")]
            #expect(try await tell(hub, odd).status == 201)
            let metrics = try await hub.client.send("GET", "/metrics", auth: nil).text
            for line in [
                #"{activity="poll",type="completed"} 1"#, #"{activity="plan",type="exception"} 1"#, #"{activity="other",type="other"} 2"#,
            ] {
                #expect(metrics.contains("uplift_exchange_node_operations_total" + line), "\(line) in \(metrics)")
            }
            #expect(!metrics.contains("word 2"))
            let all = Array(try await seen(hub).dropFirst(2))
            #expect(all.map { $0[member: "_id"] } == ["a", "b"])
            #expect(all[0][member: "type"] == "exception" && all[0][member: "context"]?[member: "node_uuid"] == "o/n1")
            #expect(try await seen(hub, "?node=o/n1&activity=poll").map { $0[member: "_id"] } == ["b"])
            #expect(try await seen(hub, "?status=error&since=2019-01-01T00:00:00Z&policy=o/p").count == 1)
            #expect(try await seen(hub, as: "x/boss:pw-boss").isEmpty)
            #expect(try await seen(hub, "?activity=plan", as: "root/root:\(TestHub.rootPassword)").map { $0[member: "_id"] } == ["a"])
            let own = try await seen(hub, "?node=hub", as: "root/root:\(TestHub.rootPassword)")
            #expect(
                own.first?[member: "activity"] == "monitor" && own.allSatisfy { $0[member: "context"]?[member: "node_uuid"]?.string == nil }
            )
        }
    }

    @Test func whoIsNotRegisteredAnyMoreIsForgotten() async throws {
        try await run { (hub: TestHub) async throws in
            #expect(try await hub.client.send("PATCH", path, auth: node, json: ["publicKey": "key"]).status == 201)
            #expect(try await tell(hub, [record("a", type: "running", status: .null)]).status == 201)
            #expect(try await hub.client.send("POST", path + "/selfReport", auth: node, json: ["health": health]).status == 201)
            #expect(try await seen(hub).count == 1)
            #expect(try await hub.client.send("PATCH", path, auth: node, json: ["publicKey": ""]).status == 201)
            #expect(try await seen(hub).isEmpty)
            #expect(try await hub.client.send("GET", path + "/health", auth: node).status == 404)
            #expect(try await wanted(hub, as: node) == ["health", "opstatus"])
        }
    }

    @Test func theLongestNamesOfAnAgentAreTaken() async throws {
        try await run { (hub: TestHub) async throws in
            let name = String(repeating: "n", count: 255)
            let long = record("match-\(name)/\(name)-2026-01-31T02:00:00.123456789Z")
            #expect(try await tell(hub, [long]).status == 201)
        }
    }

    @Test func whoMayNotOrSaysNonsenseIsRefused() async throws {
        try await run { (hub: TestHub) async throws in
            for auth in ["o/stranger:pw-stranger", "x/boss:pw-boss"] { #expect(try await tell(hub, [record("a")], as: auth).status == 403) }
            try await hub.asRoot("POST", "/v1/orgs/o/nodes/missing/selfReport", ["opstatus": .array([record("a")])], status: 404)
            for wrong: JSONValue in [["_id": "a"], record(""), record(String(repeating: "i", count: 1_025)), "text"] {
                #expect(try await tell(hub, [record("good"), wrong]).status == 400)
            }
            #expect(try await hub.client.send("POST", path + "/selfReport", auth: node, json: ["unknown": 1]).status == 400)
            guard case .object(var long) = health else { return }
            for name in ["trouble", "held"] { long[name] = .string(String(repeating: "t", count: 40_000)) }
            #expect(try await hub.client.send("POST", path + "/selfReport", auth: node, json: ["health": .object(long)]).status == 400)
            #expect(try await seen(hub).isEmpty)
            for (query, auth, status) in [
                ("", node, 403), ("", "o/owner:pw-owner", 403), ("?node=x/n", "o/boss:pw-boss", 403), ("?node=hub", "o/boss:pw-boss", 400),
                ("?node=n", "o/boss:pw-boss", 400), ("?last=501", "o/boss:pw-boss", 400), ("?since=now", "o/boss:pw-boss", 400),
                ("?status=good", "o/boss:pw-boss", 400), ("?unknown=1", "o/boss:pw-boss", 400),
            ] {
                #expect(try await hub.client.send("GET", "/v1/admin/opstatus" + query, auth: auth).status == status, "\(query) \(auth)")
            }
        }
    }
}
