import Testing
import UpgradeWire

/// The role table of contract 1.1 over the socket: every row, every caller, the answer from one table.
@Suite struct RoleTableTests {
    /// Who asks; the table has a column for each, in this order.
    private static let callers: [(name: String, auth: String?)] = [
        ("the node", "o/n1:token-of-the-node-n1"), ("another node", "o/n2:token-of-the-node-n2"),
        ("the owner", "o/owner:pw-owner"), ("another user", "o/other:pw-other"),
        ("org admin", "o/boss:pw-boss"), ("hub admin", "o/hub:pw-hub"), ("agbot", "o/bot:token-of-the-agbot-bot"),
        ("IBM agbot", "IBM/bot:token-of-the-agbot-bot"), ("root", "root/root:\(TestHub.rootPassword)"),
        ("admin of another org", "p/boss:pw-boss"), ("node of another org", "p/n1:token-of-the-node-n1"),
        ("agbot of another org", "p/bot:token-of-the-agbot-bot"),
        ("IBM admin", "IBM/boss:pw-boss"), ("nobody", nil),
    ]

    /// One row: what is asked, and in columns of callers `y` = done, `n` = 403, `e` = 200 or 404 with what the caller may see, `u` = 401.
    struct Row: Sendable, CustomStringConvertible {
        let method: String
        let path: String
        let cells: String
        var body: JSONValue?

        var description: String { "\(method) \(path)" }

        init(_ method: String, _ path: String, _ cells: String, _ body: JSONValue? = nil) {
            (self.method, self.path, self.cells, self.body) = (method, path, cells.filter { $0 != " " }, body)
        }
    }

    private static let node = "orgs/o/nodes/n1"
    private static let policy = "orgs/o/managementpolicies/"
    private static let afv: JSONValue = ["agentSoftwareVersions": [], "agentConfigVersions": [], "agentCertVersions": []]
    private static let status: JSONValue = ["agentUpgradePolicyStatus": ["scheduledTime": "t"]]

    static let rows = [
        // n n' | owner user admin hub | agbot IBM | root | other: admin node agbot IBM-admin | nobody
        Row("GET", node, "yn ynyn yy y nnnn u"),
        Row("GET", node + "/policy", "yn ynyn yy y nnnn u"),
        Row("GET", node + "/status", "yn ynyn yy y nnnn u"),
        Row("GET", node + "/errors", "yn ynyn yy y nnnn u"),
        Row("GET", node + "/managementStatus", "yn ynyn yy y nnnn u"),
        Row("GET", node + "/managementStatus/p", "yn ynyn yy y nnnn u"),
        Row("GET", node + "/managementStatusHistory", "yn ynyn yy y nnnn u"),
        Row("GET", "orgs/o/nodes", "nn eeyn yy y nnnn u"),
        Row("PUT", node, "yn ynyn nn y nnnn u", ["name": "n1"]),
        Row("PATCH", node, "yn ynyn nn y nnnn u", ["arch": "amd64"]),
        Row("POST", node + "/heartbeat", "yn ynyn nn y nnnn u"),
        Row("PUT", node + "/policy", "yn ynyn nn y nnnn u", [:]),
        Row("DELETE", node + "/policy", "yn ynyn nn y nnnn u"),
        Row("PUT", node + "/status", "yn ynyn nn y nnnn u", [:]),
        Row("DELETE", node + "/status", "yn ynyn nn y nnnn u"),
        Row("PUT", node + "/errors", "yn ynyn nn y nnnn u", [:]),
        Row("DELETE", node + "/errors", "yn ynyn nn y nnnn u"),
        Row("PUT", node + "/managementStatus/p", "yn ynyn nn y nnnn u", status),
        Row("DELETE", node + "/managementStatus/p", "yn ynyn nn y nnnn u"),
        Row("DELETE", node, "yn ynyn nn y nnnn u"),
        Row("GET", "orgs/o/managementpolicies", "yy yyyn yy y nnnn u"),
        Row("GET", policy + "p", "yy yyyn yy y nnnn u"),
        Row("POST", policy + "new", "nn nnyn nn y nnnn u", ["label": "l"]),
        Row("PUT", policy + "p", "nn nnyn nn y nnnn u", ["label": "l"]),
        Row("DELETE", policy + "p", "nn nnyn nn y nnnn u"),
        Row("GET", "orgs/IBM/AgentFileVersion", "yy yyyy yy y yyyy u"),
        Row("PUT", "orgs/IBM/AgentFileVersion", "nn nnny ny y nnny u", afv),
        Row("DELETE", "orgs/IBM/AgentFileVersion", "nn nnny ny y nnny u"),
        Row("POST", "orgs/o/changes", "yy yyyy yy y nnnn u", ["changeId": 0, "maxRecords": 10]),
        Row("GET", "changes/maxchangeid", "yy nnyn yy y yyyy u"),
        Row("GET", "admin/status", "nn yyyy nn y ynny u"),
        Row("GET", "admin/fleet/report", "nn nnyy nn y ynny u"),
        Row("GET", "orgs/o/status", "yy yyyy yy y nnnn u"),
        Row("GET", "orgs/o", "yy yyyy yy y nnnn u"),
        Row("PATCH", "orgs/o", "nn nnyy nn y nnnn u", ["label": "l"]),
        Row("GET", "orgs/o/users", "nn nnyy nn y nnnn u"),
        Row("GET", "orgs/o/users/owner", "nn ynyy nn y nnnn u"),
        Row("PATCH", "orgs/o/users/owner", "nn ynyy nn y nnnn u", ["email": "e"]),
        Row("PATCH", "orgs/o/users/hub", "nn nnny nn y nnnn u", ["email": "e"]),
        Row("POST", "orgs/o/users/new", "nn nnyy nn y nnnn u", ["password": "p", "email": ""]),
        Row("GET", "orgs/o/agbots/bot", "yy yyyn yy y nnnn u"),
        Row("PUT", "orgs/o/agbots/bot", "nn nnyn yn y nnnn u", ["token": "token-of-the-agbot-bot", "name": "b", "publicKey": ""]),
        Row("PUT", "orgs/o/agbots/new", "nn nnyn nn y nnnn u", ["token": "token-of-the-agbot-new", "name": "b", "publicKey": ""]),
        Row("DELETE", "orgs/o/agbots/bot", "nn nnyn yn y nnnn u"),
        Row("GET", "orgs/o/hagroups", "yy yyyn yy y nnnn u"),
        Row("POST", "orgs/o/hagroups/new", "nn yyyn nn y nnnn u", ["members": []]),
        Row("PUT", "orgs/o/hagroups/g", "nn nnyn nn y nnnn u", ["description": "d"]),
        Row("PUT", "orgs/o/hagroups/of-owner", "nn ynyn nn y nnnn u", ["description": "d"]),
        Row("DELETE", "orgs/o/hagroups/g", "nn nnyn nn y nnnn u"),
        Row("DELETE", "orgs/o/hagroups/of-owner", "nn ynyn nn y nnnn u"),
    ]

    /// One hub for all rows, laid out anew after each cell that may have changed it.
    @Test func everyCell() async throws {
        try await TestHub.run { hub in
            try await people(hub)
            try await lay(hub)
            for row in Self.rows {
                #expect(row.cells.count == Self.callers.count, "\(row)")
                for (caller, cell) in zip(Self.callers, row.cells) {
                    let answer = try await hub.client.send(row.method, "/v1/" + row.path, auth: caller.auth, json: row.body)
                    #expect(fits(answer, cell), "\(row) by \(caller.name): \(answer.status) \(answer.text), expected \(cell)")
                    if row.method != "GET" && answer.status < 300 { try await lay(hub) }
                }
            }
        }
    }

    private func people(_ hub: TestHub) async throws {
        for org in ["o", "p"] { try await hub.addOrg(org) }
        for org in ["o", "p", "IBM"] {
            try await hub.addUser(org, "boss", admin: true)
            try await hub.addUser(org, "owner")
        }
        try await hub.addUser("o", "other")
        try await hub.addUser("o", "hub", hubAdmin: true)
    }

    /// Everything as it is before each cell; what the last one made is gone, what it deleted is back.
    private func lay(_ hub: TestHub) async throws {
        for (org, id, owner) in [("o", "n1", "owner"), ("o", "n2", "boss"), ("p", "n1", "owner")] {
            let answer = try await hub.client.send(
                "PUT", "/v1/orgs/\(org)/nodes/\(id)", auth: "\(org)/\(owner):pw-\(owner)",
                json: ["token": .string("token-of-the-node-" + id), "name": .string(id), "pattern": "", "publicKey": ""])
            #expect(answer.status == 201)
        }
        for org in ["o", "p", "IBM"] { try await hub.addAgbot(org, "bot", by: "\(org)/boss:pw-boss") }
        try await hub.asRoot("PUT", "/v1/" + Self.policy + "p", ["label": "l"])
        for report in ["policy", "status", "errors"] { try await hub.asRoot("PUT", "/v1/\(Self.node)/\(report)", [:]) }
        try await hub.asRoot("PUT", "/v1/\(Self.node)/managementStatus/p", Self.status)
        try await hub.asRoot("PUT", "/v1/orgs/IBM/AgentFileVersion", Self.afv)
        let root = "root/root:\(TestHub.rootPassword)"
        for made in [Self.policy + "new", "orgs/o/users/new", "orgs/o/hagroups/new", "orgs/o/agbots/new", "orgs/o/hagroups/of-owner"] {
            _ = try await hub.client.send("DELETE", "/v1/" + made, auth: root)
        }
        _ = try await hub.client.send("POST", "/v1/orgs/o/hagroups/g", auth: root, json: ["members": []])
        let owned = try await hub.client.send(
            "POST", "/v1/orgs/o/hagroups/of-owner", auth: "o/owner:pw-owner", json: ["members": ["n1"]])
        #expect(owned.status == 201)
    }

    private func fits(_ answer: Answer, _ cell: Character) -> Bool {
        switch cell {
        case "y": (200...204).contains(answer.status)
        case "e": answer.status == 200 || answer.status == 404
        case "n": answer.status == 403 && answer.code == "access-denied"
        default: answer.status == 401 && answer.code == "invalid-credentials"
        }
    }
}
