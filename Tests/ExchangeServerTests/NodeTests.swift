import Testing
import UpgradeWire

/// The life of a node at the hub: made, registered, polled, patched, deleted.
@Suite struct NodeTests {
    private func run(_ body: (TestHub) async throws -> Void) async throws {
        try await TestHub.run { hub in
            try await hub.addOrg("o")
            try await hub.addUser("o", "owner")
            try await hub.addUser("o", "stranger")
            try await body(hub)
        }
    }

    @Test func theOwnerMakesANodeWithATokenAndNoKeyAndTheNodeRegistersItself() async throws {
        try await run { hub in
            let made = try await hub.client.send(
                "PUT", "/v1/orgs/o/nodes/n1", auth: "o/owner:pw-owner", json: ["token": "secret", "name": "n1"])
            #expect(made.status == 201)
            #expect(made.message == "node added or updated")
            let registered = try await hub.client.send(
                "PUT", "/v1/orgs/o/nodes/n1", auth: "o/n1:secret",
                json: ["name": "n1", "publicKey": "key", "arch": "amd64", "softwareVersions": ["horizon": "1.0.0", "other": "x"]])
            #expect(registered.status == 201)
            let shown = try await hub.client.send("GET", "/v1/orgs/o/nodes/n1", auth: "o/n1:secret")
            let node = shown.json?[member: "nodes"]?[member: "o/n1"]
            #expect(node?[member: "publicKey"] == "key")
            #expect(node?[member: "owner"] == "o/owner")
            #expect(node?[member: "token"]?.string?.allSatisfy { $0 == "*" } == true)
            #expect(node?[member: "softwareVersions"] == ["horizon": "1.0.0", "other": "x"])
        }
    }

    @Test func onceAKeyIsSetOnlyTheNodeChangesTheToken() async throws {
        try await run { hub in
            try await hub.addNode("o", "n1", by: "o/owner:pw-owner")
            let owner = "o/owner:pw-owner"
            let partial = try await hub.client.send(
                "PUT", "/v1/orgs/o/nodes/n1", auth: owner, json: ["name": "n1", "token": "new"])
            #expect(partial.status == 400)
            _ = try await hub.client.send("PATCH", "/v1/orgs/o/nodes/n1", auth: "o/n1:tok-n1", json: ["publicKey": "key"])
            let whole = try await hub.client.send(
                "PUT", "/v1/orgs/o/nodes/n1", auth: owner, json: ["name": "n1", "token": "new", "pattern": "", "publicKey": "key"])
            #expect(whole.status == 400)
            #expect(whole.message == "public key is set for node 'n1', cannot set a token")
            let own = try await hub.client.send("PATCH", "/v1/orgs/o/nodes/n1", auth: "o/n1:tok-n1", json: ["token": "new"])
            #expect(own.status == 201)
            #expect(try await hub.client.send("GET", "/v1/orgs/o/nodes/n1", auth: "o/n1:tok-n1").status == 401)
            #expect(try await hub.client.send("GET", "/v1/orgs/o/nodes/n1", auth: "o/n1:new").status == 200)
        }
    }

    @Test func patchTakesExactlyOneAttribute() async throws {
        try await run { hub in
            try await hub.addNode("o", "n1", by: "o/owner:pw-owner")
            let versions: JSONValue = ["horizon": "2.0.0", "certificate": "1.0.0", "config": "1.1.0"]
            let patched = try await hub.client.send(
                "PATCH", "/v1/orgs/o/nodes/n1", auth: "o/n1:tok-n1", json: ["softwareVersions": versions])
            #expect(patched.status == 201)
            #expect(patched.message == "attribute 'softwareVersions' of node 'o/n1' updated")
            let node = try await hub.client.send("GET", "/v1/orgs/o/nodes/n1", auth: "o/n1:tok-n1").json
            #expect(node?[member: "nodes"]?[member: "o/n1"]?[member: "softwareVersions"] == versions)
            for body: JSONValue in [[:], ["name": "a", "arch": "b"], ["ha_group": "g"], ["name": nil]] {
                let refused = try await hub.client.send("PATCH", "/v1/orgs/o/nodes/n1", auth: "o/n1:tok-n1", json: body)
                #expect(refused.status == 400)
            }
            let missing = try await hub.asRoot("PATCH", "/v1/orgs/o/nodes/n9", ["name": "a"], status: 404)
            #expect(missing.code == "not-found")
        }
    }

    @Test func aPollIsAHeartbeatAndARecordOfOthersIsNotSeen() async throws {
        try await run { hub in
            _ = try await hub.client.send(
                "PUT", "/v1/orgs/o/nodes/n1?noheartbeat=true", auth: "o/owner:pw-owner", json: ["token": "tok-n1", "name": "n1"])
            try await hub.addNode("o", "n2", by: "o/owner:pw-owner")
            let node = { () async throws -> JSONValue? in
                try await hub.client.send("GET", "/v1/orgs/o/nodes/n1", auth: "o/n1:tok-n1").json?[member: "nodes"]?[member: "o/n1"]
            }
            #expect(try await node()?[member: "lastHeartbeat"] == nil)
            let page = try await hub.client.send(
                "POST", "/v1/orgs/o/changes", auth: "o/n1:tok-n1", json: ["changeId": 0, "maxRecords": 100])
            #expect(page.status == 201)
            #expect(try await node()?[member: "lastHeartbeat"]?.string?.hasSuffix("Z") == true)
            let ids = (page.json?[member: "changes"]?.array ?? []).map {
                "\($0[member: "resource"]?.string ?? "")/\($0[member: "id"]?.string ?? "")"
            }
            #expect(ids.contains("node/n1"))
            #expect(!ids.contains("node/n2"))
        }
    }

    @Test func listsShowUsersOnlyTheirOwnNodes() async throws {
        try await run { hub in
            try await hub.addUser("o", "boss", admin: true)
            try await hub.addNode("o", "n1", by: "o/owner:pw-owner")
            try await hub.addNode("o", "n2", by: "o/stranger:pw-stranger")
            let list = { (auth: String, query: String) async throws -> [String] in
                let answer = try await hub.client.send("GET", "/v1/orgs/o/nodes" + query, auth: auth)
                return (answer.json?[member: "nodes"]?.object ?? [:]).keys.sorted()
            }
            #expect(try await list("o/owner:pw-owner", "") == ["o/n1"])
            #expect(try await list("o/boss:pw-boss", "") == ["o/n1", "o/n2"])
            #expect(try await list("o/boss:pw-boss", "?idfilter=%25n2") == ["o/n2"])
            #expect(try await hub.client.send("GET", "/v1/orgs/o/nodes", auth: "o/n1:tok-n1").status == 403)
            #expect(try await hub.client.send("GET", "/v1/orgs/o/nodes?nodetype=x", auth: "o/boss:pw-boss").status == 400)
            #expect(try await hub.client.send("GET", "/v1/orgs/o/nodes/n2", auth: "o/owner:pw-owner").status == 403)
        }
    }

    @Test func policyIsStoredShownAndDeleted() async throws {
        try await run { hub in
            try await hub.addNode("o", "n1", by: "o/owner:pw-owner")
            let path = "/v1/orgs/o/nodes/n1/policy"
            let auth = "o/n1:tok-n1"
            #expect(try await hub.client.send("GET", path, auth: auth).status == 404)
            let policy: JSONValue = [
                "properties": [["name": "a", "type": "int", "value": 5]], "constraints": ["x == 1"],
                "management": ["constraints": ["y == 2"]],
            ]
            #expect(try await hub.client.send("PUT", path, auth: auth, json: policy).message == "policy added or updated")
            let shown = try await hub.client.send("GET", path, auth: auth).json
            #expect(shown?.contains(policy) == true)
            #expect(shown?[member: "deployment"] == ["properties": [], "constraints": []])
            let wrong = try await hub.client.send(
                "PUT", path, auth: auth, json: ["properties": [["name": "a", "type": "number", "value": 5]]])
            #expect(wrong.status == 400)
            try await hub.asRoot("PUT", "/v1/orgs/o/nodes/n9/policy", policy, status: 404)
            #expect(try await hub.client.send("DELETE", path, auth: auth).status == 204)
            #expect(try await hub.client.send("DELETE", path, auth: auth).status == 404)
        }
    }

    @Test func deletingANodeTakesItsStatusesAlong() async throws {
        try await run { hub in
            try await hub.addNode("o", "n1", by: "o/owner:pw-owner")
            try await hub.addPolicy("o", "p")
            let path = "/v1/orgs/o/nodes/n1/managementStatus/p"
            _ = try await hub.client.send(
                "PUT", path, auth: "o/n1:tok-n1", json: ["agentUpgradePolicyStatus": ["scheduledTime": "t"]])
            #expect(try await hub.client.send("DELETE", "/v1/orgs/o/nodes/n1", auth: "o/n1:tok-n1").status == 204)
            #expect(try await hub.client.send("GET", path, auth: "o/n1:tok-n1").status == 401)
            try await hub.addNode("o", "n1", by: "o/owner:pw-owner")
            #expect(try await hub.client.send("GET", path, auth: "o/n1:tok-n1").status == 404)
        }
    }
}
