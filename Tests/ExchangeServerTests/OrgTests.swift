import Testing
import UpgradeWire

/// Orgs: filters, attributes, and who may change what of one. Source: the published API description.
@Suite struct OrgTests {
    private let boss = "o/boss:pw-boss"
    private let path = "/v1/orgs/o"

    private func run(_ body: (TestHub) async throws -> Void) async throws {
        try await TestHub.run { hub in
            try await hub.asRoot(
                "POST", path, ["label": "One", "description": "first", "limits": ["maxNodes": 2], "tags": ["a": "b"]])
            try await hub.asRoot("POST", "/v1/orgs/p", ["label": "Two", "description": "second"])
            try await hub.addUser("o", "boss", admin: true)
            try await hub.addUser("o", "hub", hubAdmin: true)
            try await hub.addUser("o", "person")
            try await body(hub)
        }
    }

    @Test(arguments: [
        ("", ["IBM", "o", "p", "root"]), ("?label=One", ["o"]), ("?description=%25nd", ["p"]), ("?organization=%25o%25", ["o", "root"]),
        ("?orgtype=IBM", ["IBM"]), ("?label=%25&organization=o", ["o"]), ("?label=none", []),
    ])
    func filters(query: String, names: [String]) async throws {
        try await run { (hub: TestHub) async throws in
            let answer = try await hub.client.send("GET", "/v1/orgs" + query, auth: "o/hub:pw-hub")
            #expect(answer.json?[member: "orgs"]?.object?.keys.sorted() == names)
            #expect(answer.status == (names.isEmpty ? 404 : 200))
            let own = try await hub.client.send("GET", "/v1/orgs" + query, auth: boss)
            #expect(own.json?[member: "orgs"]?.object?.keys.sorted() == names.filter { $0 == "o" })
        }
    }

    @Test func whatIsNoFilterIsRefused() async throws {
        try await run { (hub: TestHub) async throws in
            try await hub.asRoot("GET", "/v1/orgs?orgtype=other", status: 400)
        }
    }

    @Test(arguments: [
        ("label", "One"), ("LABEL", "One"), ("tags", #"{"a":"b"}"#), ("limits", #"{"maxNodes":2}"#), ("orgType", ""),
        ("heartbeatIntervals", #"{"intervalAdjustment":0,"maxInterval":0,"minInterval":0}"#),
    ])
    func attributes(name: String, value: String) async throws {
        try await run { (hub: TestHub) async throws in
            let answer = try await hub.client.send("GET", path + "?attribute=" + name, auth: boss)
            #expect(answer.json == ["attribute": .string(name), "value": .string(value)])
            #expect(try await hub.client.send("GET", path + "?attribute=other", auth: boss).status == 400)
            try await hub.asRoot("GET", "/v1/orgs/p?attribute=tags", status: 200)
        }
    }

    @Test func aPatchHasOneAttribute() async throws {
        try await run { (hub: TestHub) async throws in
            for (body, message) in [
                (["label": "Uno"], "attribute 'label' of org 'o' updated"), (["tags": ["c": "d"]], "attribute 'tags' of org 'o' updated"),
                (["description": ""], "attribute 'description' of org 'o' updated"),
                (["heartbeatIntervals": ["minInterval": 5]], "attribute 'heartbeatIntervals' of org 'o' updated"),
            ] as [(JSONValue, String)] {
                let answer = try await hub.client.send("PATCH", path, auth: boss, json: body)
                #expect(answer.status == 201 && answer.message == message, "\(answer.text)")
            }
            let org = try await hub.asRoot("GET", path, status: 200).json?[member: "orgs"]?[member: "o"]
            #expect(
                org?.contains([
                    "label": "Uno", "description": "", "tags": ["c": "d"], "limits": ["maxNodes": 2],
                    "heartbeatIntervals": ["minInterval": 5],
                ]) == true)
            for body in [[:], ["label": "a", "description": "b"]] as [JSONValue] {
                #expect(try await hub.client.send("PATCH", path, auth: boss, json: body).message == "bad input")
            }
            #expect(try await hub.client.send("PATCH", path, auth: "o/person:pw-person", json: ["label": "x"]).status == 403)
            try await hub.asRoot("PATCH", "/v1/orgs/missing", ["label": "x"], status: 404)
        }
    }

    /// An org that raises its own limit has none.
    @Test func typeAndLimitsAreNotForTheOrgItself() async throws {
        try await run { (hub: TestHub) async throws in
            for (method, body) in [
                ("PATCH", ["limits": ["maxNodes": 0]]), ("PATCH", ["orgType": "IBM"]), ("PUT", ["label": "x", "limits": ["maxNodes": 9]]),
            ] as [(String, JSONValue)] {
                #expect(try await hub.client.send(method, path, auth: boss, json: body).status == 403)
            }
            #expect(try await hub.client.send("PUT", path, auth: boss, json: ["label": "x", "description": ""]).status == 201)
            let limit = { try await hub.asRoot("GET", path + "?attribute=limits", status: 200).json?[member: "value"] }
            #expect(try await limit() == #"{"maxNodes":2}"#)
            #expect(try await hub.client.send("PATCH", path, auth: "o/hub:pw-hub", json: ["limits": ["maxNodes": 3]]).status == 201)
            #expect(try await limit() == #"{"maxNodes":3}"#)
        }
    }
}
