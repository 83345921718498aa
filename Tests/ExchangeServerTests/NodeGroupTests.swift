import Testing
import UpgradeWire

/// High-availability groups and the turn of one. Source: contract 1.7.
@Suite struct NodeGroupTests {
    private let owner = "o/owner:pw-owner"

    private func run(_ body: (TestHub) async throws -> Void) async throws {
        try await TestHub.run { hub in
            try await hub.addOrg("o")
            for user in ["owner", "stranger"] { try await hub.addUser("o", user) }
            for node in ["n1", "n2", "n3"] { try await hub.addNode("o", node, by: owner) }
            _ = try await hub.client.send(
                "POST", "/v1/orgs/o/managementpolicies/p", auth: "root/root:\(TestHub.rootPassword)", json: ["label": "p"])
            try await body(hub)
        }
    }

    private func members(_ hub: TestHub, as user: String) async throws -> [String]? {
        let answer = try await hub.client.send("GET", "/v1/orgs/o/hagroups/g", auth: user)
        return answer.json?[member: "nodeGroups"]?.array?.first?[member: "members"]?.array?.compactMap(\.string)
    }

    private func send(_ hub: TestHub, _ method: String, _ path: String, _ body: JSONValue? = nil, as user: String? = nil) async throws
        -> Int
    {
        try await hub.client.send(method, path, auth: user ?? owner, json: body).status
    }

    @Test func aGroupIsMadeShownChangedAndDeleted() async throws {
        try await run { (hub: TestHub) async throws in
            let path = "/v1/orgs/o/hagroups/g"
            #expect(try await send(hub, "GET", "/v1/orgs/o/hagroups") == 404)
            #expect(try await send(hub, "POST", path, ["members": ["n2", "n1"], "description": "two"]) == 201)
            #expect(try await send(hub, "POST", path, ["members": []]) == 409)
            #expect(try await members(hub, as: owner) == ["n1", "n2"])
            #expect(try await send(hub, "PUT", path, ["members": ["n2", "n3"]]) == 201)
            #expect(try await send(hub, "POST", path + "/nodes/n1") == 201)
            #expect(try await send(hub, "POST", path + "/nodes/n1") == 409)
            #expect(try await send(hub, "DELETE", path + "/nodes/n3") == 204)
            #expect(try await send(hub, "DELETE", path + "/nodes/n3") == 404)
            #expect(try await members(hub, as: owner) == ["n1", "n2"])
            let node = try await hub.client.send("GET", "/v1/orgs/o/nodes/n1", auth: "o/n1:tok-n1")
            #expect(node.json?[member: "nodes"]?[member: "o/n1"]?[member: "ha_group"] == "g")
            #expect(try await send(hub, "DELETE", path) == 204)
            #expect(try await send(hub, "DELETE", path) == 404)
            #expect(try await send(hub, "PUT", path, ["members": []]) == 404)
        }
    }

    @Test func membersMustBeTheCallersAndInNoOtherGroup() async throws {
        try await run { (hub: TestHub) async throws in
            #expect(try await send(hub, "POST", "/v1/orgs/o/hagroups/g", ["members": ["n1"]]) == 201)
            #expect(try await send(hub, "POST", "/v1/orgs/o/hagroups/h", ["members": ["n1"]]) == 409)
            #expect(try await send(hub, "POST", "/v1/orgs/o/hagroups/h", ["members": ["n9"]]) == 404)
            #expect(try await send(hub, "POST", "/v1/orgs/o/hagroups/h", ["members": ["n2"]], as: "o/stranger:pw-stranger") == 403)
            #expect(try await send(hub, "DELETE", "/v1/orgs/o/hagroups/g", as: "o/stranger:pw-stranger") == 403)
            #expect(try await send(hub, "POST", "/v1/orgs/o/hagroups/h", ["members": []], as: "o/n1:tok-n1") == 403)
            #expect(try await members(hub, as: "o/stranger:pw-stranger") == [])
        }
    }

    @Test func nodesDoNotSeeChangesOfGroups() async throws {
        try await run { (hub: TestHub) async throws in
            _ = try await send(hub, "POST", "/v1/orgs/o/hagroups/g", ["members": ["n1"]])
            func sees(_ user: String) async throws -> Bool {
                let answer = try await hub.client.send(
                    "POST", "/v1/orgs/o/changes", auth: user, json: ["changeId": 1, "maxRecords": 1000])
                return answer.json?[member: "changes"]?.array?.contains { $0[member: "resource"] == "ha_group" } ?? false
            }
            #expect(try await sees(owner))
            #expect(try await !sees("o/n1:tok-n1"))
        }
    }

    // MARK: The turn

    private func ask(_ hub: TestHub, _ node: String, _ policy: String = "p", group: String = "g") async throws -> Int {
        try await send(hub, "POST", "/org/o/hagroup/\(group)/nodemanagement/\(node)/\(policy)", as: "o/\(node):tok-\(node)")
    }

    private func say(_ hub: TestHub, _ node: String, _ word: String) async throws {
        let body: JSONValue = ["agentUpgradePolicyStatus": ["scheduledTime": "2026-01-01T00:00:00Z", "status": .string(word)]]
        let path = "/v1/orgs/o/nodes/\(node)/managementStatus/p"
        #expect(try await send(hub, "PUT", path, body, as: "o/\(node):tok-\(node)") == 201)
    }

    private func grouped(_ body: (TestHub) async throws -> Void) async throws {
        try await run { (hub: TestHub) async throws in
            #expect(try await send(hub, "POST", "/v1/orgs/o/hagroups/g", ["members": ["n1", "n2"]]) == 201)
            try await body(hub)
        }
    }

    @Test func oneMemberAtATimeHasTheTurnUntilItsJobHasEnded() async throws {
        try await grouped { (hub: TestHub) async throws in
            try await say(hub, "n1", "downloaded")
            #expect(try await ask(hub, "n1") == 201)
            #expect(try await ask(hub, "n1") == 201)
            for word in ["ha node waiting", "initiated", "failed", "rollback started", "rollback failed"] {
                try await say(hub, "n1", word)
                #expect(try await ask(hub, "n2") == 409, "\(word)")
            }
            let holder = try await hub.client.send("GET", "/org/o/hagroup/g/nodemanagement", auth: owner)
            #expect(holder.json?[member: "node"] == "n1")
            try await say(hub, "n2", "successful")
            #expect(try await ask(hub, "n2") == 409)
            try await say(hub, "n1", "rollback successful")
            #expect(try await ask(hub, "n2") == 201)
            #expect(try await ask(hub, "n1") == 409)
        }
    }

    @Test(arguments: ["status", "policy", "member", "group", "node", "administrator"])
    func theTurnEndsWith(_ what: String) async throws {
        try await grouped { (hub: TestHub) async throws in
            try await say(hub, "n1", "initiated")
            #expect(try await ask(hub, "n1") == 201)
            let root = "root/root:\(TestHub.rootPassword)"
            let path =
                switch what {
                case "status": "/v1/orgs/o/nodes/n1/managementStatus/p"
                case "policy": "/v1/orgs/o/managementpolicies/p"
                case "member": "/v1/orgs/o/hagroups/g/nodes/n1"
                case "group": "/v1/orgs/o/hagroups/g"
                case "node": "/v1/orgs/o/nodes/n1"
                default: "/org/o/hagroup/g/nodemanagement"
                }
            #expect(try await send(hub, "DELETE", path, as: root) == 204)
            let answer = try await hub.client.send("GET", "/org/o/hagroup/g/nodemanagement", auth: owner)
            #expect(answer.status == 404)
        }
    }

    @Test func whoAsksMustBeTheMember() async throws {
        try await grouped { (hub: TestHub) async throws in
            #expect(try await send(hub, "POST", "/org/o/hagroup/g/nodemanagement/n1/p", as: "o/n2:tok-n2") == 400)
            #expect(try await send(hub, "POST", "/org/o/hagroup/g/nodemanagement/n1/p") == 400)
            #expect(try await send(hub, "POST", "/org/o/hagroup/g/nodemanagement/n1/p", as: "o/n1:wrong") == 401)
            #expect(try await ask(hub, "n3") == 400)
            #expect(try await ask(hub, "n1", "missing") == 400)
            #expect(try await send(hub, "DELETE", "/org/o/hagroup/g/nodemanagement") == 403)
        }
    }
}
