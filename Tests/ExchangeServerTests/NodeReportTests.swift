import Testing
import UpgradeWire

/// What a node reports: services and errors. Source: contract 1.2.
@Suite struct NodeReportTests {
    private let node = "o/n1:tok-n1"
    private let path = "/v1/orgs/o/nodes/n1"

    private func run(_ body: (TestHub) async throws -> Void) async throws {
        try await TestHub.run { hub in
            try await hub.addOrg("o")
            for user in ["owner", "stranger"] { try await hub.addUser("o", user) }
            try await hub.addNode("o", "n1", by: "o/owner:pw-owner")
            try await body(hub)
        }
    }

    private static let service: JSONValue = [
        "agreementId": "a", "serviceUrl": "u", "orgid": "o", "version": "1.2", "arch": "amd64", "configState": "active",
        "operatorStatus": ["any": 1], "containerStatus": [["name": "c", "image": "i", "created": 1_506_086_099, "state": "running"]],
    ]

    @Test func theStatusIsShownWithTheRunningServices() async throws {
        try await run { (hub: TestHub) async throws in
            let status: JSONValue = ["connectivity": ["host": true], "services": [Self.service, Self.service]]
            let done = try await hub.client.send("PUT", path + "/status", auth: node, json: status)
            #expect(done.status == 201 && done.message == "status added or updated")
            let shown = try await hub.client.send("GET", path + "/status", auth: "o/owner:pw-owner").json
            #expect(shown?[member: "connectivity"] == ["host": true])
            #expect(shown?[member: "services"] == [Self.service, Self.service])
            #expect(shown?[member: "runningServices"] == "|o/u_1.2_amd64|o/u_1.2_amd64|")
            #expect(shown?[member: "lastUpdated"]?.string?.hasSuffix("Z") == true)
            try await hub.asRoot("PUT", path + "/status", [:])
            let empty = try await hub.asRoot("GET", path + "/status", status: 200).json
            #expect(empty?.contains(["connectivity": [:], "services": [], "runningServices": "|"]) == true)
        }
    }

    @Test func errorsAreShownAsTheyCame() async throws {
        try await run { (hub: TestHub) async throws in
            let errors: JSONValue = [["record_id": "1", "message": "m", "event_code": "e", "hidden": false], "any"]
            #expect(try await hub.client.send("PUT", path + "/errors", auth: node, json: ["errors": errors]).status == 201)
            let shown = try await hub.client.send("GET", path + "/errors", auth: node).json
            #expect(shown?[member: "errors"] == errors)
            #expect(shown?[member: "lastUpdated"]?.string?.hasSuffix("Z") == true)
        }
    }

    @Test(arguments: ["status", "errors"])
    func aReportIsMadeAndDeletedByNodeAndOwner(kind: String) async throws {
        try await run { (hub: TestHub) async throws in
            let path = path + "/" + kind
            #expect(try await hub.client.send("GET", path, auth: node).status == 404)
            #expect(try await hub.client.send("DELETE", path, auth: node).status == 404)
            #expect(try await hub.client.send("PUT", path, auth: node, json: [:]).status == 201)
            #expect(try await hub.client.send("PUT", path, auth: node, json: ["lastUpdated": "t"]).status == 400)
            for method in ["GET", "PUT", "DELETE"] {
                #expect(try await hub.client.send(method, path, auth: "o/stranger:pw-stranger", json: [:]).status == 403)
            }
            #expect(try await hub.client.send("DELETE", path, auth: "o/owner:pw-owner").status == 204)
            #expect(try await hub.client.send("GET", path, auth: node).status == 404)
            try await hub.asRoot("PUT", "/v1/orgs/o/nodes/missing/\(kind)", [:], status: 404)
            #expect(try await operations(hub, "node" + kind) == ["created/modified", "deleted"])
            #expect(try await hub.client.send("PUT", path, auth: node, json: [:]).status == 201)
            #expect(try await hub.client.send("DELETE", "/v1/orgs/o/nodes/n1", auth: node).status == 204)
            try await hub.addNode("o", "n1", by: "o/owner:pw-owner")
            #expect(try await hub.client.send("GET", path, auth: node).status == 404)
        }
    }

    /// What the node sees of its own reports, one poll for each change.
    private func operations(_ hub: TestHub, _ resource: String) async throws -> [String] {
        var operations: [String] = []
        for number in 1...20 {
            let page = try await hub.client.send(
                "POST", "/v1/orgs/o/changes", auth: node, json: ["changeId": .number(Double(number)), "maxRecords": 1])
            guard let entry = page.json?[member: "changes"]?.array?.first, entry[member: "resource"]?.string == resource,
                entry[member: "resourceChanges"]?.array?.first?[member: "changeId"]?.integer == Int64(number)
            else { continue }
            operations.append(entry[member: "operation"]?.string ?? "")
        }
        return operations
    }
}
