import Testing
import UpgradeWire

/// `nmpstatus_api.json` over the real socket.
@Suite struct StatusVectorTests {
    static let cases = (try? VectorFile("nmpstatus_api").cases) ?? []

    @Test func theFileIsThere() throws {
        #expect(Self.cases.count == 17)
    }

    @Test(arguments: cases)
    func answersAsTheRealExchange(vector: VectorCase) async throws {
        try await TestHub.run { hub in
            let org = vector.org.hasSuffix("-someorganization") ? "elsewhere" : vector.org
            try await seed(hub, org, withStatuses: vector.id.contains("get") && vector.expect[member: "body"] == nil)
            let answer = try await vector.send(to: hub, auth: try auth(vector.auth))
            #expect(answer.status == vector.expect[member: "code"]?.integer.map { Int($0) }, "\(answer.text)")
            if let code = vector.expect[member: "respCode"]?.string { #expect(answer.code == code) }
            if let message = vector.expect[member: "msg"]?.string { #expect(answer.message == message) }
            if let body = vector.expect[member: "body"] { #expect(answer.json == body) }
            if answer.status == 405 { #expect(answer.json == nil) }
            if let stored = vector.expect[member: "stored"] { try await expectStored(hub, vector, stored) }
        }
    }

    private func seed(_ hub: TestHub, _ org: String, withStatuses: Bool) async throws {
        try await hub.addOrg(org)
        try await hub.addUser(org, "owner")
        try await hub.addUser(org, "stranger")
        for node in ["n1", "n2"] { try await hub.addNode(org, node, by: "\(org)/owner:pw-owner") }
        for policy in ["pol1", "pol2"] { try await hub.addPolicy(org, policy) }
        try await hub.addAgbot(org, "bot")
        guard withStatuses else { return }
        for policy in ["pol1", "pol2"] {
            try await hub.asRoot(
                "PUT", "/v1/orgs/\(org)/nodes/n1/managementStatus/\(policy)", ["agentUpgradePolicyStatus": ["scheduledTime": "t"]])
        }
    }

    private func auth(_ words: String) throws -> String {
        switch words {
        case "node o/n1": "o/n1:tok-n1"
        case "agbot": "o/bot:token-of-the-agbot-bot"
        case "node o/n2": "o/n2:tok-n2"
        case "user not owning the node": "o/stranger:pw-stranger"
        case "root": "root/root:\(TestHub.rootPassword)"
        default: throw TestFailure("nobody is called '\(words)'")
        }
    }

    private func expectStored(_ hub: TestHub, _ vector: VectorCase, _ stored: JSONValue) async throws {
        let all = try await hub.asRoot("GET", "/v1/orgs/\(vector.org)/nodes/n1/managementStatus", status: 200).json
        let rows = all?[member: "managementStatus"]?.object ?? [:]
        #expect(rows.count == vector.expect[member: "rows"]?.integer.map { Int($0) })
        let status = rows["\(vector.org)/pol1"]?[member: "agentUpgradePolicyStatus"]
        #expect(status?.contains(stored) == true, "\(status ?? .null)")
        #expect(status?[member: "lastUpdated"]?.string?.isEmpty == false)
    }
}
