import ExchangeModel
import ExchangeServer
import Logging
import NIOConcurrencyHelpers
import SQLite
import Testing
import UpgradeWire

/// What the hub tells whoever runs it: `/metrics`, `/health`, and one line of the log for each request.
@Suite struct MetricsTests {
    @Test func requestsAreCountedByRouteMethodAndStatus() async throws {
        try await TestHub.run { (hub: TestHub) async throws in
            try await hub.addOrg("o")
            for path in ["/v1/orgs/o", "/v1/orgs/none", "/nothing/at/all", "/v1/orgs/o"] {
                _ = try await hub.client.send("GET", path, auth: "root/root:\(TestHub.rootPassword)")
            }
            _ = try await hub.client.send("GET", "/v1/orgs/o", auth: "root/root:wrong")
            _ = try await hub.client.send("PURGE", "/v1/orgs/o")
            try await hub.asRoot("PUT", "/api/v1/objects/o/t/x", ["meta": ["objectID": "x", "objectType": "t"]], status: 204)
            _ = try await hub.client.send(
                "PUT", "/api/v1/objects/o/t/x/data", auth: "root/root:\(TestHub.rootPassword)", body: Array("data".utf8))
            let lines = [
                #"uplift_exchange_requests_total{route="v1/orgs/{org}",method="GET",status="200"} 2"#,
                #"uplift_exchange_requests_total{route="v1/orgs/{org}",method="GET",status="404"} 1"#,
                #"uplift_exchange_requests_total{route="v1/orgs/{org}",method="GET",status="401"} 1"#,
                #"uplift_exchange_requests_total{route="none",method="GET",status="404"} 1"#,
                #"uplift_exchange_requests_total{route="none",method="other",status="405"} 1"#,
                #"uplift_exchange_request_seconds_count{route="v1/orgs/{org}"} 5"#, "uplift_exchange_logins_refused_total 1",
                "uplift_exchange_connections_open 1", "uplift_exchange_store_writes_waiting 0", "uplift_exchange_uploads_total 1",
            ]
            _ = try await hub.metrics { text in lines.allSatisfy { text.contains("\n\($0)\n") } }
        }
    }

    @Test func whatAProxySpeaksForIsNotLocal() async throws {
        try await TestHub.run { (hub: TestHub) async throws in
            for path in ["/metrics", "/health"] {
                #expect(try await hub.client.send("GET", path).status == 200)
                #expect(try await hub.client.send("GET", path, headers: ["X-Forwarded-For": "192.0.2.1"]).status == 404)
                #expect(try await hub.client.send("GET", path, headers: ["Forwarded": "for=192.0.2.1"]).status == 404)
            }
        }
    }

    @Test func anotherAddressTakesThemAway() async throws {
        let log = ServerLog()
        let configure = { (options: inout ServeOptions) in options.metricsListen = ("127.0.0.1", 0) }
        try await TestHub.run(logger: log.logger, configure: configure) { (hub: TestHub) async throws in
            let line = try await log.line { $0.contains("are served") }
            let port = UInt16(line.split(separator: "127.0.0.1:").last?.prefix { $0.isNumber } ?? "") ?? 0
            let other = HubClient(port: port)
            #expect(try await other.send("GET", "/health", headers: ["X-Forwarded-For": "192.0.2.1"]).text == "ok\n")
            #expect(try await other.send("GET", "/metrics").text.contains("uplift_exchange_connections_open"))
            #expect(try await other.send("GET", "/v1/admin/version").status == 404)
            #expect(try await hub.client.send("GET", "/metrics").status == 404)
            #expect(try await hub.client.send("GET", "/health").status == 404)
        }
    }

    @Test func aHubWithoutItsDataIsNotHealthy() async throws {
        try await TestHub.run { (hub: TestHub) async throws in
            let store = try SQLiteHubStore(path: hub.root + "/exchange.db")
            _ = try await store.write { try $0.deleteOrg("root") }
            await store.close()
            #expect(try await hub.client.send("GET", "/health").status == 503)
        }
    }

    /// A trigger stands for a full disk: SQLite takes back the whole transaction.
    @Test func aHubThatCannotWriteIsNotHealthy() async throws {
        try await TestHub.run { (hub: TestHub) async throws in
            let database = try Database.open(path: hub.root + "/exchange.db")
            for table in ["orgs", "probes"] {
                try database.executeScript(
                    "CREATE TRIGGER \(table)_trap BEFORE INSERT ON \(table) BEGIN SELECT RAISE(ROLLBACK, 'the disk is full'); END")
            }
            #expect(try await hub.client.send("GET", "/health").status == 200, "nobody has noticed")
            try await hub.asRoot("POST", "/v1/orgs/o", ["label": "o", "description": ""], status: 500)
            for _ in 0..<2 { #expect(try await hub.client.send("GET", "/health").status == 503) }
            for table in ["orgs", "probes"] { try database.execute("DROP TRIGGER \(table)_trap") }
            #expect(try await hub.client.send("GET", "/health").text == "ok\n")
            try await hub.addOrg("o")
        }
    }

    @Test func everyRequestIsOneLineWithItsID() async throws {
        let log = ServerLog()
        try await TestHub.run(logger: log.logger) { (hub: TestHub) async throws in
            try await hub.addOrg("o")
            let auth = "root/root:\(TestHub.rootPassword)"
            let mine = try await hub.client.send("GET", "/v1/orgs/o?x=1", auth: auth, headers: ["X-Request-Id": "abc-1"])
            #expect(mine.headers["x-request-id"] == "abc-1")
            let line = try await log.line { $0.contains("\"id\": abc-1") }
            for word in [
                "info request", "\"method\": GET", "\"route\": v1/orgs/{org}", "\"path\": /v1/orgs/o,", "\"status\": 200",
                "\"caller\": root/root", "\"bytes\": \(mine.body.count)", "\"ms\": ",
            ] {
                // The last one is followed by a bracket.
                #expect(line.replacing("]", with: ",").contains(word), "\(word): \(line)")
            }
            let other = try await hub.client.send("GET", "/v1/orgs/o", auth: auth, headers: ["X-Request-Id": "a b"])
            let id = other.headers["x-request-id"] ?? ""
            #expect(id.count == 16)
            let second = try await log.line { $0.contains("\"id\": \(id)") }
            #expect(second.contains("request"))
        }
    }

    @Test func slowAnswersAreNotices() async throws {
        let log = ServerLog()
        try await TestHub.run(logger: log.logger, configure: { $0.slow = .zero }) { (hub: TestHub) async throws in
            _ = try await hub.client.send("GET", "/v1/admin/version")
            let line = try await log.line { $0.contains("v1/admin/version") }
            #expect(line.hasPrefix("notice"))
        }
    }
}

extension TestHub {
    /// The counters, as soon as they show this: a request is counted when its answer is out.
    func metrics(_ isThere: (String) -> Bool) async throws -> String {
        let deadline = ContinuousClock().now + .seconds(20)
        while true {
            let text = try await client.send("GET", "/metrics").text
            if isThere(text) { return text }
            if ContinuousClock().now > deadline { throw TestFailure("not within 20 s: \(text)") }
        }
    }
}
