import Testing
import UpgradeWire

/// Who changes which user, and how. Source: the published API description.
@Suite struct UserTests {
    private let boss = "o/boss:pw-boss"
    private let chief = "o/chief:pw-chief"

    /// An org with an administrator, an administrator of the hub who lives there too, and a plain user.
    private func run(_ body: (TestHub) async throws -> Void) async throws {
        try await TestHub.run { hub in
            try await hub.addOrg("o")
            try await hub.addUser("o", "boss", admin: true)
            try await hub.addUser("o", "chief", hubAdmin: true)
            try await hub.addUser("o", "person")
            try await body(hub)
        }
    }

    private func send(
        _ hub: TestHub, _ method: String, _ user: String, _ body: JSONValue? = nil, as auth: String
    ) async throws -> Int {
        try await hub.client.send(method, "/v1/orgs/o/users/\(user)", auth: auth, json: body).status
    }

    /// Whoever sets the password of a user is that user from then on.
    @Test func anOrgAdministratorDoesNotBecomeOneOfTheHub() async throws {
        try await run { (hub: TestHub) async throws in
            for (method, path, body) in [
                ("PUT", "chief", ["password": "mine", "email": "e"]), ("PUT", "chief", ["hubAdmin": false]),
                ("PATCH", "chief", ["password": "mine"]), ("PATCH", "chief", ["hubAdmin": false]),
                ("POST", "chief/changepw", ["newPassword": "mine"]), ("DELETE", "chief", nil), ("PUT", "person", ["hubAdmin": true]),
                ("PATCH", "boss", ["hubAdmin": true]), ("POST", "new", ["password": "p", "hubAdmin": true, "email": "e"]),
            ] as [(String, String, JSONValue?)] {
                #expect(try await send(hub, method, path, body, as: boss) == 403, "\(method) \(path)")
            }
            #expect(try await send(hub, "GET", "chief", as: chief) == 200)
            #expect(try await send(hub, "GET", "chief", as: "o/chief:mine") == 401)
            #expect(try await hub.client.send("POST", "/v1/orgs/evil", auth: boss, json: ["label": "l"]).status == 403)
            #expect(try await hub.client.send("POST", "/v1/orgs/good", auth: chief, json: ["label": "l"]).status == 201)
        }
    }

    @Test func anAdministratorOfTheHubChangesUsersButNoOtherOfItsKind() async throws {
        try await run { (hub: TestHub) async throws in
            try await hub.addUser("o", "second", hubAdmin: true)
            #expect(try await send(hub, "POST", "person/changepw", ["newPassword": "two"], as: chief) == 201)
            #expect(try await send(hub, "POST", "second/changepw", ["newPassword": "two"], as: chief) == 403)
            #expect(try await send(hub, "DELETE", "second", as: chief) == 403)
            try await hub.asRoot("POST", "/v1/orgs/o/users/second/changepw", ["newPassword": "three"])
            #expect(try await send(hub, "GET", "second", as: "o/second:three") == 200)
            try await hub.asRoot("DELETE", "/v1/orgs/o/users/second", status: 204)
        }
    }

    /// Also those that administer something, and those of org `root`.
    @Test(arguments: ["boss", "chief", "person", "root-boss", "root-chief", "root-person"])
    func everybodyReadsAndChangesItself(who: String) async throws {
        try await run { (hub: TestHub) async throws in
            let parts = who.split(separator: "-").map(String.init)
            let (org, id) = parts.count == 2 ? (parts[0], parts[1]) : ("o", who)
            if org == "root" { try await hub.addUser(org, id, admin: id == "boss", hubAdmin: id == "chief") }
            let path = "/v1/orgs/\(org)/users/\(id)"
            let auth = "\(org)/\(id):pw-\(id)"
            #expect(try await hub.client.send("GET", path, auth: auth).status == 200)
            #expect(try await hub.client.send("POST", path + "/confirm", auth: auth).status == 201)
            #expect(try await hub.client.send("PATCH", path, auth: auth, json: ["email": "new"]).status == 201)
            #expect(try await hub.client.send("PUT", path, auth: auth, json: ["password": "two", "email": "new"]).status == 201)
            #expect(try await hub.client.send("GET", path, auth: auth).status == 401)
            let changed = try await hub.client.send(
                "POST", path + "/changepw", auth: "\(org)/\(id):two", json: ["newPassword": "three"])
            #expect(changed.status == 201)
            let shown = try await hub.client.send("GET", path, auth: "\(org)/\(id):three").json?[member: "users"]?[member: "\(org)/\(id)"]
            #expect(shown?[member: "email"] == "new")
            #expect(shown?[member: "password"] == "***************")
            #expect(shown?[member: "updatedBy"] == .string("\(org)/\(id)"))
        }
    }

    @Test func aPatchHasOneAttribute() async throws {
        try await run { (hub: TestHub) async throws in
            let path = "/v1/orgs/o/users/person"
            let done = try await hub.client.send("PATCH", path, auth: boss, json: ["admin": true])
            #expect(done.message == "attribute 'admin' of user 'o/person' updated")
            #expect(try await hub.client.send("GET", "/v1/orgs/o/users", auth: "o/person:pw-person").status == 200)
            for body in [[:], ["admin": true, "email": "e"], ["email": nil]] as [JSONValue] {
                let refused = try await hub.client.send("PATCH", path, auth: boss, json: body)
                #expect(refused.status == 400 && refused.message == "bad input", "\(refused.text)")
            }
            #expect(try await send(hub, "PATCH", "person", ["password": ""], as: boss) == 400)
            #expect(try await send(hub, "PATCH", "person", ["other": "x"], as: boss) == 400)
            #expect(try await send(hub, "PATCH", "missing", ["email": "e"], as: boss) == 404)
            #expect(try await send(hub, "PATCH", "boss", ["email": "e"], as: "o/nobody:x") == 401)
        }
    }

    @Test func passwordChangeAndConfirmationRefuseWhatIsWrong() async throws {
        try await run { (hub: TestHub) async throws in
            for body in [[:], ["newPassword": ""], ["newPassword": 5], ["newPassword": "x", "old": "y"]] as [JSONValue] {
                #expect(try await send(hub, "POST", "person/changepw", body, as: boss) == 400, "\(body)")
            }
            #expect(try await send(hub, "POST", "missing/changepw", ["newPassword": "x"], as: boss) == 404)
            #expect(try await send(hub, "POST", "boss/changepw", ["newPassword": "x"], as: "o/person:pw-person") == 403)
            #expect(try await send(hub, "POST", "person/confirm", as: "o/person:wrong") == 401)
            #expect(try await send(hub, "POST", "person/confirm", as: boss) == 201)
            #expect(try await send(hub, "POST", "boss/confirm", as: "o/person:pw-person") == 403)
            #expect(try await send(hub, "POST", "missing/confirm", as: boss) == 404)
        }
    }
}
