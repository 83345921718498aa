import Testing
import UpgradeWire

/// `agentfileversion_api.json` over the real socket.
@Suite struct AgentFileVersionVectorTests {
    static let cases = (try? VectorFile("agentfileversion_api").cases) ?? []

    @Test func theFileIsThere() { #expect(Self.cases.count == 12) }

    @Test(arguments: cases)
    func answersAsTheRealExchange(vector: VectorCase) async throws {
        try await TestHub.run { hub in
            try await hub.addOrg("other")
            for org in ["IBM", "other"] {
                try await hub.addUser(org, "boss", admin: true)
                try await hub.addUser(org, "person")
            }
            try await hub.addNode("other", "n1")
            let expected = vector.expect[member: "code"]?.integer.map { Int($0) }
            if expected == 200 || expected == 204 { try await putVersions(hub) }
            let answer = try await vector.send(to: hub, auth: try auth(vector.auth))
            #expect(answer.status == expected, "\(answer.text)")
            if answer.status == 200 {
                #expect(answer.json?[member: "agentSoftwareVersions"] == ["3.3.3-c", "1.1.1-a", "2.2.2"])
            }
            if answer.status == 204 { try await hub.asRoot("GET", "/v1/orgs/IBM/AgentFileVersion", status: 404) }
            if let change = vector.expect[member: "change"] { try await expectChange(hub, change) }
        }
    }

    private func putVersions(_ hub: TestHub) async throws {
        try await hub.asRoot(
            "PUT", "/v1/orgs/IBM/AgentFileVersion",
            ["agentSoftwareVersions": ["3.3.3-c", "1.1.1-a", "2.2.2"], "agentConfigVersions": [], "agentCertVersions": ["1.0.0"]])
    }

    private func auth(_ words: String) throws -> String {
        switch words {
        case "IBM org admin": "IBM/boss:pw-boss"
        case "IBM user": "IBM/person:pw-person"
        case "other-org org admin": "other/boss:pw-boss"
        case "other-org user": "other/person:pw-person"
        case "other-org node": "other/n1:tok-n1"
        case "root": "root/root:\(TestHub.rootPassword)"
        default: throw TestFailure("nobody is called '\(words)'")
        }
    }

    /// Public means that a node of another org sees it.
    private func expectChange(_ hub: TestHub, _ change: JSONValue) async throws {
        let page = try await hub.client.send(
            "POST", "/v1/orgs/other/changes", auth: "other/n1:tok-n1", json: ["changeId": 0, "maxRecords": 100])
        let entries = page.json?[member: "changes"]?.array ?? []
        let found = entries.first { $0[member: "resource"] == change[member: "resource"] }
        for key in ["orgId", "id", "operation"] { #expect(found?[member: key] == change[member: key]) }
    }
}
