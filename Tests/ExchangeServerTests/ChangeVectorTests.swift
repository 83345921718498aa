import Glibc
import Testing
import UpgradeModel
import UpgradeWire

/// `changes_api.json` over the real socket.
@Suite struct ChangeVectorTests {
    static let cases = (try? VectorFile("changes_api").cases) ?? []

    /// Cases that this cut cannot run, with the reason.
    static let skipped = ["chg.chg-08": "agbots are not in this cut", "chg.max-07": "agbots are not in this cut"]

    @Test func theFileIsThere() {
        #expect(Self.cases.count == 14)
        #expect(Self.skipped.keys.allSatisfy { id in Self.cases.contains { $0.id == id } })
    }

    @Test(arguments: cases.filter { skipped[$0.id] == nil })
    func answersAsTheRealExchange(vector: VectorCase) async throws {
        try await TestHub.run { hub in
            try await hub.addOrg("ORG1")
            try await hub.addUser("ORG1", "person")
            try await hub.addUser("ORG1", "hub", hubAdmin: true)
            try await hub.addNode("ORG1", "n1")
            try await hub.addPolicy("ORG1", "p")
            let answer = try await vector.send(to: hub, auth: auth(vector.auth), body: body(vector))
            #expect(answer.status == vector.expect[member: "code"]?.integer.map { Int($0) }, "\(answer.text)")
            if answer.status == 201 { #expect(answer.json?[member: "exchangeVersion"] == "2.154.0") }
            if vector.method == "GET" && answer.status == 200 {
                let before = answer.json?[member: "maxChangeId"]?.integer ?? 0
                try await hub.addPolicy("ORG1", "another")
                let after = try await vector.send(to: hub, auth: auth(vector.auth)).json?[member: "maxChangeId"]?.integer
                #expect(after == before + 1)
            }
        }
    }

    private func auth(_ words: String) -> String {
        switch words {
        case "user of ORG1", "user": "ORG1/person:pw-person"
        case "hub admin": "ORG1/hub:pw-hub"
        case "node": "ORG1/n1:tok-n1"
        default: "root/root:\(TestHub.rootPassword)"
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
