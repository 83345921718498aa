import Testing
import UpgradeWire

/// Mistakes of clients are answered with 4xx, where the real exchange's database fails with 5xx. Deviations; source: contract 1.1, 1.3, 1.4.
@Suite struct ClientMistakeTests {
    private func run(_ body: (TestHub) async throws -> Void) async throws {
        try await TestHub.run { hub in
            try await hub.addOrg("o")
            try await hub.addUser("o", "boss", admin: true)
            try await hub.addNode("o", "n1")
            try await hub.addPolicy("o", "p")
            try await body(hub)
        }
    }

    @Test func aStatusOfSomethingThatIsNotThereIs404() async throws {
        try await run { (hub: TestHub) async throws in
            let status: JSONValue = ["agentUpgradePolicyStatus": ["scheduledTime": "t"]]
            let policy = try await hub.client.send(
                "PUT", "/v1/orgs/o/nodes/n1/managementStatus/missing", auth: "o/n1:tok-n1", json: status)
            #expect(policy.status == 404 && policy.code == "not-found")
            #expect(policy.message == "management policy 'o/missing' not found")
            let node = try await hub.asRoot("PUT", "/v1/orgs/o/nodes/missing/managementStatus/p", status, status: 404)
            #expect(node.message == "node 'o/missing' not found")
        }
    }

    @Test(
        arguments: [
            ([:], "'agentUpgradePolicyStatus'"), (["agentUpgradePolicyStatus": nil], "'agentUpgradePolicyStatus'"),
            (["agentUpgradePolicyStatus": [:]], "scheduledTime"), (["agentUpgradePolicyStatus": ["status": "waiting"]], "scheduledTime"),
        ] as [(JSONValue, String)])
    func aStatusWithoutItsScheduledTimeIs400(body: JSONValue, word: String) async throws {
        try await run { (hub: TestHub) async throws in
            let answer = try await hub.client.send(
                "PUT", "/v1/orgs/o/nodes/n1/managementStatus/p", auth: "o/n1:tok-n1", json: body)
            #expect(answer.status == 400 && answer.code == "invalid-input")
            #expect(answer.message?.contains(word) == true, "\(answer.text)")
        }
    }

    @Test(arguments: ["POST", "PUT"])
    func aPolicyWithoutALabelIs400(method: String) async throws {
        try await run { (hub: TestHub) async throws in
            let answer = try await hub.asRoot(method, "/v1/orgs/o/managementpolicies/q", ["enabled": true], status: 400)
            #expect(answer.message?.contains("'label'") == true)
            try await hub.asRoot("GET", "/v1/orgs/o/managementpolicies/q", status: 404)
        }
    }

    @Test func aPutOfAPolicyThatIsNotThereMakesIt() async throws {
        try await run { (hub: TestHub) async throws in
            let path = "/v1/orgs/o/managementpolicies/q"
            let newest = { try await hub.asRoot("GET", "/v1/changes/maxchangeid", status: 200).json?[member: "maxChangeId"]?.integer ?? 0 }
            let before = try await newest()
            let put = try await hub.client.send("PUT", path, auth: "o/boss:pw-boss", json: ["label": "one"])
            #expect(put.status == 201 && put.message == "management policy updated")
            let shown = try await hub.asRoot("GET", path, status: 200).json?[member: "managementPolicy"]?[member: "o/q"]
            #expect(shown?[member: "label"] == "one")
            #expect(shown?[member: "owner"] == "o/boss")
            #expect(try await newest() == before + 1)
            try await hub.asRoot("PUT", "/v1/orgs/missing/managementpolicies/q", ["label": "one"], status: 404)
        }
    }

    @Test func whatIsNeitherTrueNorFalseIs400() async throws {
        try await run { (hub: TestHub) async throws in
            try await hub.asRoot("GET", "/v1/orgs/o/nodes?isNamespaceScoped=xyz", status: 400)
            try await hub.asRoot("GET", "/v1/orgs/o/nodes?isNamespaceScoped=false", status: 200)
            try await hub.asRoot("GET", "/v1/orgs/o/nodes?isNamespaceScoped=true", status: 404)
        }
    }

    @Test func onlyTheDocumentedAttributesOfAPolicyCanBeAskedFor() async throws {
        try await run { (hub: TestHub) async throws in
            let path = "/v1/orgs/o/managementpolicies/p?attribute="
            for name in ["agentUpgradePolicy", "other", ""] { try await hub.asRoot("GET", path + name, status: 400) }
            for name in ["allowDowngrade", "MANIFEST", "patterns", "startWindow"] { try await hub.asRoot("GET", path + name, status: 200) }
        }
    }
}
