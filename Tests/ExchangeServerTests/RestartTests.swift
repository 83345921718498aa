import Testing
import UpgradeWire

/// What was acknowledged is there after any end of the process.
@Suite struct RestartTests {
    private func fill(_ hub: TestHub) async throws {
        try await hub.asRoot(
            "POST", "/v1/orgs/o",
            ["label": "l", "description": "d", "heartbeatIntervals": ["minInterval": 1, "maxInterval": 2, "intervalAdjustment": 3]])
        try await hub.addUser("o", "owner")
        try await hub.addNode("o", "n1", by: "o/owner:pw-owner")
        try await hub.addPolicy("o", "p")
        try await hub.asRoot(
            "PUT", "/v1/orgs/o/nodes/n1/managementStatus/p", ["agentUpgradePolicyStatus": ["scheduledTime": "t", "status": "waiting"]])
        try await hub.asRoot("PUT", "/api/v1/objects/o/agent_upgrade_manifests/m", ["meta": [:], "data": "aGVsbG8="], status: 204)
    }

    private func expectAll(_ hub: TestHub) async throws {
        let org = try await hub.asRoot("GET", "/v1/orgs/o", status: 200).json?[member: "orgs"]?[member: "o"]
        #expect(org?[member: "heartbeatIntervals"] == ["minInterval": 1, "maxInterval": 2, "intervalAdjustment": 3])
        #expect(try await hub.client.send("GET", "/v1/orgs/o/users/owner", auth: "o/owner:pw-owner").status == 200)
        let path = "/v1/orgs/o/nodes/n1/managementStatus"
        let statuses = try await hub.client.send("GET", path, auth: "o/n1:tok-n1").json
        #expect(statuses?[member: "managementStatus"]?.object?.keys.sorted() == ["o/p"])
        let history = try await hub.client.send("GET", path + "History", auth: "o/n1:tok-n1").json
        #expect(history?[member: "history"]?.array?.count == 1)
        let data = try await hub.client.send("GET", "/api/v1/objects/o/agent_upgrade_manifests/m/data", auth: "o/n1:tok-n1")
        #expect(data.text == "hello")
    }

    @Test func stateSurvivesARestart() async throws {
        let root = try makeScratchFolder()
        defer { removeFolder(root) }
        let newest = try await TestHub.run(root: root) { hub in
            try await fill(hub)
            return try await hub.asRoot("GET", "/v1/changes/maxchangeid", status: 200).text
        }
        try await TestHub.run(root: root) { hub in
            try await expectAll(hub)
            #expect(try await hub.asRoot("GET", "/v1/changes/maxchangeid", status: 200).text == newest)
        }
    }

    /// The files as they are while the hub still runs are what a killed process leaves behind.
    @Test func whatWasAcknowledgedSurvivesAKill() async throws {
        let copy = try makeScratchFolder()
        defer { removeFolder(copy) }
        try await TestHub.run { hub in
            try await fill(hub)
            try copyFolder(hub.root, to: copy)
            try writeFile(copy + "/objects/0123.partial", [1, 2, 3])
        }
        try await TestHub.run(root: copy) { hub in
            try await expectAll(hub)
            #expect(folderEntries(copy + "/objects").count == 1, "the file of a broken upload is removed at the start")
        }
    }

    @Test func noSecretLiesInTheFiles() async throws {
        let root = try makeScratchFolder()
        defer { removeFolder(root) }
        try await TestHub.run(root: root) { hub in try await fill(hub) }
        for name in folderEntries(root) where name != "objects" {
            let bytes = try readFile(root + "/" + name)
            for secret in ["tok-n1", "pw-owner", TestHub.rootPassword] {
                #expect(!contains(bytes, Array(secret.utf8)), "\(secret) in \(name)")
            }
        }
    }

    private func contains(_ bytes: [UInt8], _ wanted: [UInt8]) -> Bool {
        bytes.indices.contains { bytes[$0] == wanted[0] && bytes[$0...].starts(with: wanted) }
    }
}
