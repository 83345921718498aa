import ExchangeModel
import SQLite
import Testing
import UpgradeWire

@testable import ExchangeServer

/// How much one user and one org may have. Source: contract 1.1.
@Suite struct LimitTests {
    /// A hub whose user `o/boss` owns so many of them already.
    private func run(nodes: Int = 0, policies: Int = 0, _ body: (TestHub) async throws -> Void) async throws {
        let root = try makeScratchFolder()
        defer { removeFolder(root) }
        let store = try SQLiteHubStore(path: try HubFolder(path: root).database)
        try await store.write { tables in
            try tables.putOrg("o", .init())
            try tables.putManagementPolicy("o", "p0", .init(owner: "o/boss"))
            try tables.putNode("o", "n0", HubNode(document: .init(owner: "o/boss"), tokenHash: ""))
        }
        await store.close()
        try multiply(in: try HubFolder(path: root).database, nodes: nodes, policies: policies)
        try await TestHub.run(root: root) { hub in
            try await hub.addUser("o", "boss", admin: true)
            try await hub.addUser("o", "other", admin: true)
            try await body(hub)
        }
    }

    /// Copies the one row of each table, by the database itself: a hub would need minutes for so many.
    private func multiply(in path: String, nodes: Int, policies: Int) throws {
        let database = try Database.open(path: path)
        for (table, key, count) in [("nodes", "id", nodes), ("management_policies", "name", policies)] where count > 1 {
            let more = table == "nodes" ? ", is_registered, token_hash" : ""
            try database.execute(
                """
                WITH RECURSIVE i (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM i WHERE i < \(count - 1))
                INSERT INTO \(table) (org, \(key), owner, document\(more))
                SELECT org, 'x' || i, owner, document\(more) FROM \(table), i WHERE \(key) LIKE '_0'
                """, [])
        }
    }

    @Test func fiveThousandPoliciesOfOneUser() async throws {
        try await run(policies: 4_999) { (hub: TestHub) async throws in
            let send = { (method: String, name: String, user: String) async throws -> Answer in
                try await hub.client.send(
                    method, "/v1/orgs/o/managementpolicies/\(name)", auth: "o/\(user):pw-\(user)", json: ["label": "l"])
            }
            #expect(try await send("POST", "last", "boss").status == 201)
            for method in ["POST", "PUT"] {
                let refused = try await send(method, "more", "boss")
                #expect(refused.status == 403 && refused.code == "access-denied", "\(refused.text)")
                #expect(refused.message?.contains("5000") == true)
            }
            #expect(try await send("PUT", "last", "boss").status == 201, "one that is there may still be changed")
            #expect(try await send("POST", "more", "other").status == 201)
            try await hub.asRoot("DELETE", "/v1/orgs/o/managementpolicies/last", status: 204)
            #expect(try await send("POST", "again", "boss").status == 201)
        }
    }

    @Test func fortyFiveThousandNodesOfOneUser() async throws {
        try await run(nodes: 44_999) { (hub: TestHub) async throws in
            try await hub.addNode("o", "last", by: "o/boss:pw-boss")
            let body: JSONValue = ["token": "t", "name": "n", "pattern": "", "publicKey": ""]
            let refused = try await hub.client.send("PUT", "/v1/orgs/o/nodes/more", auth: "o/boss:pw-boss", json: body)
            #expect(refused.status == 403 && refused.code == "access-denied", "\(refused.text)")
            try await hub.addNode("o", "last", by: "o/boss:pw-boss")
            try await hub.addNode("o", "more", by: "o/other:pw-other")
            try await hub.addNode("o", "of-root")
        }
    }

    @Test func anOrgHasALimitOfItsOwn() async throws {
        try await run { (hub: TestHub) async throws in
            try await hub.asRoot("PATCH", "/v1/orgs/o", ["limits": ["maxNodes": 2]])
            try await hub.addNode("o", "n1", by: "o/boss:pw-boss")
            try await hub.asRoot("PUT", "/v1/orgs/o/nodes/n2", ["token": "t", "name": "n", "pattern": "", "publicKey": ""], status: 403)
            try await hub.addNode("o", "n1", by: "o/boss:pw-boss")
            try await hub.asRoot("PATCH", "/v1/orgs/o", ["limits": ["maxNodes": 3]])
            try await hub.addNode("o", "n2", by: "o/boss:pw-boss")
        }
    }
}
