import ExchangeModel
import Testing
import UpgradeWire

/// The statuses of a whole fleet. An addition of ours.
@Suite struct FleetStatusTests {
    private let path = "/v1/orgs/o/managementStatus"
    private let boss = "o/boss:pw-boss"

    /// Nodes n1 and n2 of the owner, n3 of another; two policies.
    private func run(_ body: (TestHub) async throws -> Void) async throws {
        try await TestHub.run { hub in
            try await hub.addOrg("o")
            try await hub.addUser("o", "boss", admin: true)
            for user in ["owner", "other"] { try await hub.addUser("o", user) }
            try await hub.addUser("o", "hub", hubAdmin: true)
            for policy in ["p", "q"] { try await hub.addPolicy("o", policy) }
            for (node, owner, word) in [("n1", "owner", "waiting"), ("n2", "owner", "successful"), ("n3", "other", "waiting")] {
                try await hub.addNode("o", node, by: "o/\(owner):pw-\(owner)")
                for policy in ["p", "q"] { try await say(hub, node, policy, policy == "p" ? word : "reset") }
            }
            try await body(hub)
        }
    }

    private func say(_ hub: TestHub, _ node: String, _ policy: String, _ word: String) async throws {
        try await hub.asRoot(
            "PUT", "/v1/orgs/o/nodes/\(node)/managementStatus/\(policy)",
            ["agentUpgradePolicyStatus": ["scheduledTime": "t", "status": .string(word)]])
    }

    /// `node/policy` of every entry, and what the answer named as next.
    private func ask(_ hub: TestHub, _ query: String, as auth: String) async throws -> ([String], String?) {
        let answer = try await hub.client.send("GET", path + query, auth: auth)
        guard answer.status == 200 else { throw TestFailure("\(query): \(answer.status) \(answer.text)") }
        let names = (answer.json?[member: "statuses"]?.array ?? []).map {
            "\($0[member: "node"]?.string ?? "") \($0[member: "policy"]?.string ?? "")"
        }
        return (names, answer.json?[member: "next"]?.string)
    }

    @Test func filtersByPolicyAndWord() async throws {
        try await run { (hub: TestHub) async throws in
            let cases = [
                ("", ["o/n1 o/p", "o/n1 o/q", "o/n2 o/p", "o/n2 o/q", "o/n3 o/p", "o/n3 o/q"]),
                ("?policy=p", ["o/n1 o/p", "o/n2 o/p", "o/n3 o/p"]), ("?policy=p&status=waiting", ["o/n1 o/p", "o/n3 o/p"]),
                ("?status=successful", ["o/n2 o/p"]), ("?policy=q&status=waiting", []),
            ]
            for (query, names) in cases { #expect(try await ask(hub, query, as: boss).0 == names, "\(query)") }
        }
    }

    /// Whatever the page, all entries come once and in order; also with names that have slashes and blanks.
    @Test(arguments: ["", "&policy=p", "&status=waiting"], [1, 2, 4, 100])
    func pages(filter: String, limit: Int) async throws {
        try await run { (hub: TestHub) async throws in
            for node in ["a%3Fb", "a%20b", "%25"] {
                try await hub.addNode("o", node, by: boss)
                try await say(hub, node, "p", "waiting")
            }
            let all = try await ask(hub, "?limit=1000" + filter, as: boss).0
            var found: [String] = []
            var after: String? = ""
            while let place = after {
                let query = place.isEmpty ? "" : "&after=" + HubPath.segment(place)
                let (names, next) = try await ask(hub, "?limit=\(limit)" + filter + query, as: boss)
                #expect(names.count <= limit)
                found += names
                after = next
            }
            #expect(found == all && Set(all).count == all.count && all.count >= 5)
        }
    }

    @Test func everyEntryIsTheStatusThatTheNodeShows() async throws {
        try await run { (hub: TestHub) async throws in
            let one = try await hub.asRoot("GET", "/v1/orgs/o/nodes/n2/managementStatus/p", status: 200).json
            let all = try await hub.asRoot("GET", path + "?policy=p&status=successful", status: 200).json
            let entry = all?[member: "statuses"]?.array?.first
            #expect(entry?[member: "status"] == one?[member: "managementStatus"]?[member: "o/p"])
            #expect(entry?[member: "status"]?[member: "agentUpgradePolicyStatus"]?[member: "errorMessage"] == "")
        }
    }

    /// As in the list of nodes.
    @Test func theCallerSeesTheStatusesOfTheNodesThatItMayRead() async throws {
        try await run { (hub: TestHub) async throws in
            try await hub.addOrg("x")
            try await hub.addUser("x", "boss", admin: true)
            for org in ["o", "IBM", "x"] { try await hub.addAgbot(org, "bot") }
            let all = ["o/n1 o/p", "o/n2 o/p", "o/n3 o/p"]
            for (auth, names) in [
                (boss, all), ("root/root:\(TestHub.rootPassword)", all), ("o/bot:token-of-the-agbot-bot", all),
                ("IBM/bot:token-of-the-agbot-bot", all), ("o/owner:pw-owner", ["o/n1 o/p", "o/n2 o/p"]), ("o/other:pw-other", ["o/n3 o/p"]),
            ] { #expect(try await ask(hub, "?policy=p", as: auth).0 == names, "\(auth)") }
            #expect(try await ask(hub, "?policy=p&limit=1&after=n1/p", as: "o/owner:pw-owner").0 == ["o/n2 o/p"])
            for auth in ["o/n1:tok-n1", "o/hub:pw-hub", "x/boss:pw-boss", "x/bot:token-of-the-agbot-bot"] {
                #expect(try await hub.client.send("GET", path, auth: auth).status == 403, "\(auth)")
            }
            #expect(try await hub.client.send("GET", path).status == 401)
        }
    }

    @Test(arguments: ["limit=0", "limit=10001", "limit=x", "limit=", "after=n1", "after=", "after=n1/p/x", "after=%25zz/p"])
    func whatIsNoPlaceAndNoNumberIsRefused(query: String) async throws {
        try await run { (hub: TestHub) async throws in
            try await hub.asRoot("GET", path + "?" + query, status: 400)
        }
    }

    @Test func aPolicyOrAnOrgThatIsNotThereIs404() async throws {
        try await run { (hub: TestHub) async throws in
            #expect(try await hub.asRoot("GET", path + "?policy=missing", status: 404).message == "management policy 'o/missing' not found")
            try await hub.asRoot("GET", "/v1/orgs/missing/managementStatus", status: 404)
            try await hub.asRoot("GET", "/v1/orgs/IBM/managementStatus", status: 200)
            try await hub.asRoot("DELETE", path, status: 405)
        }
    }
}
