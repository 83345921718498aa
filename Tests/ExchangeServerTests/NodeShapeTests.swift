import Testing
import UpgradeWire

/// What GET of a node shows: every key, and `null` where there is nothing yet. Source: contract 1.2.
@Suite struct NodeShapeTests {
    private func node(
        _ body: JSONValue, query: String = "?noheartbeat=true", _ check: (TestHub, JSONValue?) async throws -> Void
    ) async throws {
        try await TestHub.run { hub in
            try await hub.addOrg("o")
            try await hub.asRoot("PUT", "/v1/orgs/o/nodes/n1" + query, body)
            let answer = try await hub.asRoot("GET", "/v1/orgs/o/nodes/n1", status: 200).json
            try await check(hub, answer?[member: "nodes"]?[member: "o/n1"])
        }
    }

    @Test func aNewNodeHasEveryKey() async throws {
        try await node(["name": "n", "token": "t"]) { (hub: TestHub, shown: JSONValue?) async throws in
            let keys = [
                "arch", "clusterNamespace", "ha_group", "heartbeatIntervals", "isNamespaceScoped", "lastHeartbeat", "lastUpdated",
                "msgEndPoint", "name", "nodeType", "owner", "pattern", "publicKey", "registeredServices", "softwareVersions", "token",
                "userInput",
            ]
            #expect(shown?.object?.keys.sorted() == keys)
            for key in ["ha_group", "lastHeartbeat"] {
                #expect(shown?.object?[key] == .some(.null))
                let answer = try await hub.asRoot("GET", "/v1/orgs/o/nodes/n1?attribute=" + key, status: 200)
                #expect(answer.json == ["attribute": .string(key), "value": ""])
            }
            let list = try await hub.asRoot("GET", "/v1/orgs/o/nodes", status: 200).json
            #expect(list?[member: "nodes"]?[member: "o/n1"]?.object?["ha_group"] == .some(.null))
            try await hub.asRoot("GET", "/v1/orgs/o/nodes/n1?attribute=other", status: 400)
        }
    }

    @Test func aHeartbeatAndAGroupAreShown() async throws {
        try await node(["name": "n", "token": "t"], query: "") { (hub: TestHub, shown: JSONValue?) async throws in
            #expect(shown?[member: "lastHeartbeat"]?.string?.hasSuffix("Z") == true)
            try await hub.asRoot("POST", "/v1/orgs/o/hagroups/g", ["members": ["n1"]])
            let answer = try await hub.asRoot("GET", "/v1/orgs/o/nodes/n1?attribute=HA_group", status: 200)
            #expect(answer.json == ["attribute": "HA_group", "value": "g"])
        }
    }

    @Test func aServiceIsShownWithItsDefaults() async throws {
        let body: JSONValue = ["name": "n", "token": "t", "registeredServices": [["url": "u", "configState": nil], ["version": "1"]]]
        try await node(body) { (hub: TestHub, shown: JSONValue?) async throws in
            let first: JSONValue = [
                "url": "u", "numAgreements": 0, "configState": "active", "policy": "", "properties": [], "version": "",
            ]
            let second: JSONValue = [
                "url": "", "numAgreements": 0, "configState": "active", "policy": "", "properties": [], "version": "1",
            ]
            #expect(shown?[member: "registeredServices"] == [first, second])
        }
    }

    /// A PUT of a node's policy is a sign of life unless it says that it is none.
    @Test func aPolicyIsAHeartbeat() async throws {
        try await node(["name": "n", "token": "t"]) { (hub: TestHub, _: JSONValue?) async throws in
            let beat = {
                try await hub.asRoot("GET", "/v1/orgs/o/nodes/n1?attribute=lastHeartbeat", status: 200).json?[member: "value"]?.string
            }
            try await hub.asRoot("PUT", "/v1/orgs/o/nodes/n1/policy?noheartbeat=true", [:])
            #expect(try await beat() == "")
            try await hub.asRoot("PUT", "/v1/orgs/o/nodes/n1/policy", [:])
            #expect(try await beat()?.hasSuffix("Z") == true)
        }
    }
}
