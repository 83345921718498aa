import Testing
import UpgradeWire

/// Names mean the same to the database and to the rules about rights.
@Suite struct NameTests {
    private let root = "root/root:\(TestHub.rootPassword)"

    /// U+212A is a K to Swift and another text to the database; so are the two ways to write an accent.
    @Test(arguments: ["%E2%84%AAIOSK", "caf%C3%A9", "cafe%CC%81", "a%2Fb", "a%0Ab", "a%00b", String(repeating: "a", count: 256)])
    func whatIsNoNameIsRefused(name: String) async throws {
        try await TestHub.run { (hub: TestHub) async throws in
            try await hub.addOrg("o")
            let token: JSONValue = ["token": "token-of-twenty-characters", "name": "x"]
            for (method, path, body) in [
                ("PUT", "orgs/o/nodes/\(name)", token), ("POST", "orgs/\(name)", ["label": "l", "description": ""]),
                ("POST", "orgs/o/users/\(name)", ["password": "p", "email": ""]), ("GET", "orgs/o/nodes/\(name)", nil),
                ("POST", "orgs/o/managementpolicies/\(name)", ["label": "l"]), ("POST", "orgs/o/hagroups/\(name)", ["members": []]),
            ] as [(String, String, JSONValue?)] {
                let answer = try await hub.client.send(method, "/v1/" + path, auth: root, json: body)
                #expect(answer.status == 400 && answer.message?.contains("is no name") == true, "\(method) \(path): \(answer.text)")
            }
        }
    }

    @Test func aNameThatOnlyLooksLikeAnothersDoesNotLogIn() async throws {
        try await TestHub.run { (hub: TestHub) async throws in
            try await hub.addOrg("o")
            try await hub.addUser("o", "Kim")
            #expect(try await hub.client.send("GET", "/v1/orgs/o", auth: "o/Kim:pw-Kim").status == 200)
            #expect(try await hub.client.send("GET", "/v1/orgs/o", auth: "o/\u{212A}im:pw-Kim").status == 401)
        }
    }

    @Test(arguments: ["a b", "a.b@c:d", "..", "~!$&'()*+,;=", String(repeating: "a", count: 255)])
    func everythingElseIsAName(name: String) async throws {
        try await TestHub.run { (hub: TestHub) async throws in
            try await hub.addOrg("o")
            let path = "/v1/orgs/o/managementpolicies/" + HubPath.segment(name)
            #expect(try await hub.client.send("POST", path, auth: root, json: ["label": "l"]).status == 201)
            let policies = try await hub.asRoot("GET", path, status: 200).json?[member: "managementPolicy"]?.object
            #expect(policies?.keys.sorted() == ["o/\(name)"])
        }
    }

    @Test func whoCouldNotLogInIsNotMade() async throws {
        try await TestHub.run { (hub: TestHub) async throws in
            try await hub.addOrg("o")
            let body: JSONValue = ["token": "token-of-twenty-characters", "name": "x"]
            #expect(try await hub.client.send("PUT", "/v1/orgs/o/nodes/a%3Ab", auth: root, json: body).status == 400)
            let user: JSONValue = ["password": "p", "email": ""]
            #expect(try await hub.client.send("POST", "/v1/orgs/o/users/a%3Ab", auth: root, json: user).status == 400)
        }
    }

    /// `root/root` is in no table.
    @Test func rootIsShownAndNotChanged() async throws {
        try await TestHub.run { (hub: TestHub) async throws in
            let path = "/v1/orgs/root/users/root"
            #expect(try await hub.asRoot("GET", path, status: 200).json?[member: "users"]?[member: "root/root"] != nil)
            try await hub.asRoot("POST", path + "/confirm", status: 201)
            let user: JSONValue = ["password": "p", "email": ""]
            for (method, path, body) in [
                ("POST", path, user), ("PUT", path, user), ("PATCH", path, ["email": "e"]), ("DELETE", path, nil),
                ("POST", path + "/changepw", ["newPassword": "p"]),
            ] as [(String, String, JSONValue?)] {
                #expect(try await hub.client.send(method, path, auth: root, json: body).status == 403, "\(method)")
            }
            try await hub.asRoot("GET", path, status: 200)
        }
    }
}
