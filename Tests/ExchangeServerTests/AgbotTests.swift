import Testing
import UpgradeWire

/// The identity of agreement bots. Source: contract 1.1, 1.6.
@Suite struct AgbotTests {
    private let owner = "o/owner:pw-owner"
    private let boss = "o/boss:pw-boss"
    private let path = "/v1/orgs/o/agbots/bot"
    private let bot = "o/bot:token-of-the-agbot-bot"

    private func run(_ body: (TestHub) async throws -> Void) async throws {
        try await TestHub.run { hub in
            try await hub.addOrg("o")
            for user in ["owner", "stranger"] { try await hub.addUser("o", user) }
            try await hub.addUser("o", "boss", admin: true)
            try await hub.addAgbot("o", "bot", by: boss)
            try await body(hub)
        }
    }

    private func shown(_ hub: TestHub) async throws -> JSONValue? {
        try await hub.asRoot("GET", path, status: 200).json?[member: "agbots"]?[member: "o/bot"]
    }

    @Test func anAgbotIsMadeShownReplacedAndDeleted() async throws {
        try await run { (hub: TestHub) async throws in
            let first = try await shown(hub)
            #expect(first?[member: "token"] == "***************")
            #expect(first?[member: "owner"] == "o/boss")
            #expect(first?[member: "lastHeartbeat"]?.string?.hasSuffix("Z") == true)
            let body: JSONValue = ["token": "another-token-of-some-length", "name": "b", "publicKey": "k", "msgEndPoint": "m"]
            #expect(try await hub.client.send("PUT", path, auth: bot, json: body).message == "agbot added or updated")
            #expect(try await hub.client.send("GET", path, auth: bot).status == 401)
            let second = try await hub.client.send("GET", path + "?attribute=publicKey", auth: "o/bot:another-token-of-some-length")
            #expect(second.json == ["attribute": "publicKey", "value": "k"])
            #expect(try await shown(hub)?[member: "owner"] == "o/boss")
            #expect(try await hub.client.send("DELETE", path, auth: boss).status == 204)
            #expect(try await hub.client.send("DELETE", path, auth: boss).status == 404)
            #expect(try await hub.client.send("GET", path, auth: owner).status == 404)
        }
    }

    @Test(
        arguments: [
            ["name": "b", "publicKey": ""], ["token": "", "name": "b", "publicKey": ""], ["token": "t", "publicKey": ""],
            ["token": "t", "name": "b"],
        ] as [JSONValue])
    func whatIsMissingIsRefused(body: JSONValue) async throws {
        try await run { (hub: TestHub) async throws in
            #expect(try await hub.client.send("PUT", path, auth: boss, json: body).status == 400)
        }
    }

    @Test func strangersNodesAndOtherOrgsDoNotWrite() async throws {
        try await run { (hub: TestHub) async throws in
            try await hub.addOrg("p")
            try await hub.addUser("p", "boss", admin: true)
            try await hub.addNode("o", "n1", by: owner)
            let body: JSONValue = ["token": "t", "name": "b", "publicKey": ""]
            for auth in [owner, "o/stranger:pw-stranger", "o/n1:tok-n1", "p/boss:pw-boss"] {
                #expect(try await hub.client.send("PUT", path, auth: auth, json: body).status == 403, "\(auth)")
                #expect(try await hub.client.send("DELETE", path, auth: auth).status == 403, "\(auth)")
            }
            try await hub.asRoot("PUT", "/v1/orgs/missing/agbots/bot", body, status: 404)
        }
    }

    /// Whoever could take somebody's name would log in instead.
    @Test func usersNodesAndAgbotsShareNames() async throws {
        try await run { (hub: TestHub) async throws in
            try await hub.addNode("o", "n1", by: owner)
            let token: JSONValue = "token-of-twenty-characters"
            let (node, agbot): (JSONValue, JSONValue) = (["token": token, "name": "x"], ["token": token, "name": "x", "publicKey": ""])
            let root = "root/root:\(TestHub.rootPassword)"
            for (path, auth, body) in [
                ("PUT nodes/owner", owner, node), ("PUT nodes/bot", owner, node), ("PUT agbots/owner", root, agbot),
                ("PUT agbots/n1", root, agbot), ("POST users/n1", root, ["password": "p", "email": ""]),
                ("POST users/bot", root, ["password": "p", "email": ""]),
            ] as [(String, String, JSONValue)] {
                let parts = path.split(separator: " ")
                let answer = try await hub.client.send(String(parts[0]), "/v1/orgs/o/\(parts[1])", auth: auth, json: body)
                #expect(answer.status == 403 && answer.message?.contains("already") == true, "\(path): \(answer.text)")
            }
            #expect(try await hub.client.send("GET", "/v1/orgs/o", auth: owner).status == 200)
            #expect(try await hub.client.send("GET", "/v1/orgs/o", auth: bot).status == 200)
            #expect(try await hub.client.send("GET", "/v1/orgs/o", auth: "o/n1:tok-n1").status == 200)
        }
    }

    @Test func agbotsGoWithTheirOwnerAndTheirOrgAndAreCounted() async throws {
        try await run { (hub: TestHub) async throws in
            let count = { (org: String) async throws -> JSONValue? in
                try await hub.asRoot("GET", "/v1/\(org)/status", status: 200).json?[member: "numberOfAgbots"]
            }
            #expect(try await count("admin") == 1)
            #expect(try await count("orgs/o") == 1)
            #expect(try await count("orgs/IBM") == 0)
            try await hub.asRoot("DELETE", "/v1/orgs/o/users/boss", status: 204)
            try await hub.asRoot("GET", path, status: 404)
            try await hub.addAgbot("o", "bot")
            try await hub.asRoot("DELETE", "/v1/orgs/o", status: 204)
            #expect(try await hub.client.send("GET", path, auth: bot).status == 401)
        }
    }

    @Test func onlyNodesDoNotSeeChangesOfAgbots() async throws {
        try await run { (hub: TestHub) async throws in
            try await hub.addNode("o", "n1", by: owner)
            func sees(_ auth: String) async throws -> Bool {
                let page = try await hub.client.send("POST", "/v1/orgs/o/changes", auth: auth, json: ["changeId": 0, "maxRecords": 100])
                return page.json?[member: "changes"]?.array?.contains { $0[member: "resource"] == "agbot" } ?? false
            }
            #expect(try await sees(owner))
            #expect(try await sees(bot))
            #expect(try await !sees("o/n1:tok-n1"))
        }
    }
}
