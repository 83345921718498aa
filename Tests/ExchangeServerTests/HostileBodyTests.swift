import Testing
import UpgradeWire

/// Bodies that are no JSON, or that would take long: refused before they cost anything.
@Suite struct HostileBodyTests {
    private func run(_ body: (TestHub) async throws -> Void) async throws {
        try await TestHub.run { hub in
            try await hub.addOrg("o")
            try await hub.addUser("o", "u")
            try await hub.addNode("o", "n1", by: "o/u:pw-u")
            try await hub.addPolicy("o", "p")
            try await body(hub)
        }
    }

    private func put(_ hub: TestHub, _ path: String, _ text: String) async throws -> Answer {
        try await hub.client.send("PUT", "/v1/orgs/o/nodes/n1/" + path, auth: "o/n1:tok-n1", body: Array(text.utf8))
    }

    @Test(arguments: [
        "{\"errors\":[],}", "\u{FEFF}{}", "{'errors':[]}", "{\"errors\":[]} x", "{\"errors\":[],\"errors\":[]}", "{\"errors\":[01]}", "",
        "{\"err\\u006frs\":[]}", "{\"errors\":[\"" + String(repeating: "x", count: 70_000) + "\"]}",
    ])
    func whatIsNoJSONIsRefused(text: String) async throws {
        try await run { (hub: TestHub) async throws in
            #expect(try await put(hub, "errors", text).status == 400)
        }
    }

    /// The CSS has a dialect of its own, not a JSON of its own.
    @Test(arguments: [
        "{\"meta\":{\"objectID\":\"x\",\"objectType\":\"t\"},}",
        "{\"meta\":{\"objectID\":\"x\",\"objectType\":\"t\",\"public\":false,\"public\":true}}",
        "{\"meta\":{\"objectID\":\"x\",\"objectType\":\"t\",\"description\":\"" + String(repeating: "x", count: 70_000) + "\"}}",
    ])
    func metadataOfObjectsIsJSONToo(text: String) async throws {
        try await TestHub.run { (hub: TestHub) async throws in
            let root = "root/root:\(TestHub.rootPassword)"
            let answer = try await hub.client.send("PUT", "/api/v1/objects/IBM/t/x", auth: root, body: Array(text.utf8))
            #expect(answer.status == 400, "\(answer.text)")
            let data = "{\"meta\":{\"objectID\":\"x\",\"objectType\":\"t\"},\"data\":\"" + String(repeating: "QUFB", count: 50_000) + "\"}"
            let inline = try await hub.client.send("PUT", "/api/v1/objects/IBM/t/x", auth: root, body: Array(data.utf8))
            #expect(inline.status == 204, "\(inline.text)")
        }
    }

    /// Half a megabyte of these took the decoder a minute.
    @Test func deepAndManyValuesAreRefused() async throws {
        try await run { (hub: TestHub) async throws in
            let deep = String(repeating: "[", count: 55) + String(repeating: "]", count: 55)
            for list in ["[\(deep)]", "[" + Array(repeating: "\"\"", count: 10_001).joined(separator: ",") + "]"] {
                let answer = try await put(hub, "errors", "{\"errors\":\(list)}")
                #expect(answer.status == 400)
                #expect(answer.message?.contains("too") == true, "\(answer.text)")
            }
            let few = "[" + Array(repeating: "[[[\"\"]]]", count: 500).joined(separator: ",") + "]"
            #expect(try await put(hub, "errors", "{\"errors\":\(few)}").status == 201)
        }
    }

    @Test func aStatusDoesNotFillTheDisk() async throws {
        try await run { (hub: TestHub) async throws in
            let status = { (count: Int) in
                let text = String(repeating: "x", count: count)
                return "{\"agentUpgradePolicyStatus\":{\"scheduledTime\":\"t\",\"errorMessage\":\"\(text)\"}}"
            }
            #expect(try await put(hub, "managementStatus/p", status(15_000)).status == 201)
            #expect(try await put(hub, "managementStatus/p", status(17_000)).status == 413)
        }
    }

    @Test func longTextsFiltersAndEmptyTokensAreRefused() async throws {
        try await run { (hub: TestHub) async throws in
            let root = "root/root:\(TestHub.rootPassword)"
            let long: JSONValue = ["name": .string(String(repeating: "a", count: 70_000)), "token": "token-of-twenty-characters"]
            #expect(try await hub.client.send("PUT", "/v1/orgs/o/nodes/n2", auth: root, json: long).status == 400)
            let empty: JSONValue = ["name": "n1", "token": ""]
            #expect(try await hub.client.send("PUT", "/v1/orgs/o/nodes/n1", auth: "o/n1:tok-n1", json: empty).status == 400)
            #expect(try await hub.client.send("GET", "/v1/orgs/o/nodes/n1", auth: "o/n1:tok-n1").status == 200)
            let filter = String(repeating: "a", count: 256)
            for list in ["orgs/o/nodes?name=", "orgs/o/managementpolicies?label=", "orgs?label="] {
                #expect(try await hub.client.send("GET", "/v1/\(list)\(filter)", auth: root).status == 400, "\(list)")
            }
        }
    }
}
