import Glibc
import Testing
import UpgradeModel
import UpgradeWire

/// `changes_api.json` over the real socket.
@Suite struct ChangeVectorTests {
    static let cases = (try? VectorFile("changes_api").cases) ?? []

    @Test func theFileIsThere() {
        #expect(Self.cases.count == 14)
    }

    @Test(arguments: cases)
    func answersAsTheRealExchange(vector: VectorCase) async throws {
        try await TestHub.run { hub in
            try await hub.addOrg("ORG1")
            try await hub.addUser("ORG1", "person")
            try await hub.addUser("ORG1", "hub", hubAdmin: true)
            try await hub.addNode("ORG1", "n1")
            try await hub.addPolicy("ORG1", "p")
            try await hub.addOrg("ORG2")
            try await hub.addAgbot("ORG1", "bot")
            try await hub.addAgbot("IBM", "bot")
            let heartbeat = try await agbotHeartbeat(hub)
            let answer = try await vector.send(to: hub, auth: try auth(vector.auth), body: body(vector))
            #expect(answer.status == vector.expect[member: "code"]?.integer.map { Int($0) }, "\(answer.text)")
            if answer.status == 201 { #expect(answer.json?[member: "exchangeVersion"] == "2.154.0") }
            if vector.expect[member: "changesFromSeveralOrgs"] == true {
                let orgs = (answer.json?[member: "changes"]?.array ?? []).compactMap { $0[member: "orgId"]?.string }
                #expect(Set(orgs).isSuperset(of: ["ORG1", "ORG2", "IBM"]), "\(orgs)")
            }
            if vector.expect[member: "heartbeatUpdated"] == true { #expect(try await agbotHeartbeat(hub) != heartbeat) }
            if vector.method == "GET" && answer.status == 200 {
                let before = answer.json?[member: "maxChangeId"]?.integer ?? 0
                try await hub.addPolicy("ORG1", "another")
                let after = try await vector.send(to: hub, auth: try auth(vector.auth)).json?[member: "maxChangeId"]?.integer
                #expect(after == before + 1)
            }
        }
    }

    private func agbotHeartbeat(_ hub: TestHub) async throws -> JSONValue? {
        let agbots = try await hub.asRoot("GET", "/v1/orgs/IBM/agbots/bot", status: 200).json?[member: "agbots"]
        return agbots?[member: "IBM/bot"]?[member: "lastHeartbeat"]
    }

    private func auth(_ words: String) throws -> String {
        switch words {
        case "user of ORG1", "user": "ORG1/person:pw-person"
        case "hub admin": "ORG1/hub:pw-hub"
        case "agbot": "ORG1/bot:token-of-the-agbot-bot"
        case "IBM agbot": "IBM/bot:token-of-the-agbot-bot"
        case "node": "ORG1/n1:tok-n1"
        case "root": "root/root:\(TestHub.rootPassword)"
        default: throw TestFailure("nobody is called '\(words)'")
        }
    }

    /// Puts values in the place of the words in angle brackets.
    private func body(_ vector: VectorCase) -> JSONValue? {
        guard var members = vector.body?.object else { return vector.body }
        let now = UTCInstant(secondsSinceEpoch: Int64(time(nil)))
        if members["lastUpdated"] == "<60 s ago>" { members["lastUpdated"] = .string(now.adding(.seconds(-60)).rfc3339()) }
        if members["maxRecords"] == "<n>" { members["maxRecords"] = 100 }
        return .object(members)
    }
}
