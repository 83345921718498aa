import Testing
import UpgradeWire

/// The identity of agreement bots. Source: contract 1.1, 1.6.
@Suite struct AgbotTests {
    private let owner = "o/owner:pw-owner"
    private let path = "/v1/orgs/o/agbots/bot"
    private let bot = "o/bot:token-of-the-agbot-bot"

    private func run(_ body: (TestHub) async throws -> Void) async throws {
        try await TestHub.run { hub in
            try await hub.addOrg("o")
            for user in ["owner", "stranger"] { try await hub.addUser("o", user) }
            try await hub.addAgbot("o", "bot", by: owner)
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
            #expect(first?[member: "owner"] == "o/owner")
            #expect(first?[member: "lastHeartbeat"]?.string?.hasSuffix("Z") == true)
            let body: JSONValue = ["token": "another-token-of-some-length", "name": "b", "publicKey": "k", "msgEndPoint": "m"]
            #expect(try await hub.client.send("PUT", path, auth: bot, json: body).message == "agbot added or updated")
            #expect(try await hub.client.send("GET", path, auth: bot).status == 401)
            let second = try await hub.client.send("GET", path + "?attribute=publicKey", auth: "o/bot:another-token-of-some-length")
            #expect(second.json == ["attribute": "publicKey", "value": "k"])
            #expect(try await shown(hub)?[member: "owner"] == "o/owner")
            #expect(try await hub.client.send("DELETE", path, auth: owner).status == 204)
            #expect(try await hub.client.send("DELETE", path, auth: owner).status == 404)
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
            #expect(try await hub.client.send("PUT", path, auth: owner, json: body).status == 400)
        }
    }

    @Test func strangersNodesAndOtherOrgsDoNotWrite() async throws {
        try await run { (hub: TestHub) async throws in
            try await hub.addOrg("p")
            try await hub.addUser("p", "boss", admin: true)
            try await hub.addNode("o", "n1", by: owner)
            let body: JSONValue = ["token": "t", "name": "b", "publicKey": ""]
            for auth in ["o/stranger:pw-stranger", "o/n1:tok-n1", "p/boss:pw-boss"] {
                #expect(try await hub.client.send("PUT", path, auth: auth, json: body).status == 403, "\(auth)")
                #expect(try await hub.client.send("DELETE", path, auth: auth).status == 403, "\(auth)")
            }
            try await hub.asRoot("PUT", "/v1/orgs/missing/agbots/bot", body, status: 404)
        }
    }

    /// The exchange asks nodes first, then agreement bots, then users; the CSS agreement bots, then users, then nodes.
    @Test func theFirstTableThatKnowsTheNameDecides() async throws {
        try await run { (hub: TestHub) async throws in
            try await hub.addUser("o", "bot", admin: true)
            #expect(try await hub.client.send("GET", path, auth: "o/bot:pw-bot").status == 401)
            #expect(try await hub.client.send("GET", "/v1/changes/maxchangeid", auth: bot).status == 200)
            try await hub.addNode("o", "bot", by: owner)
            #expect(try await hub.client.send("GET", path, auth: bot).status == 401)
            #expect(try await hub.client.send("GET", "/v1/orgs/o/nodes/bot", auth: "o/bot:tok-bot").status == 200)
            let objects = "/api/v1/objects/o"
            #expect(try await hub.client.send("GET", objects, auth: bot).status == 404)
            #expect(try await hub.client.send("GET", objects, auth: "o/bot:tok-bot").status == 403)
            #expect(try await hub.client.send("DELETE", path, auth: owner).status == 204)
            #expect(try await hub.client.send("GET", objects, auth: "o/bot:pw-bot").status == 404)
            #expect(try await hub.client.send("GET", objects, auth: "o/bot:tok-bot").status == 403)
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
            try await hub.asRoot("DELETE", "/v1/orgs/o/users/owner", status: 204)
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
