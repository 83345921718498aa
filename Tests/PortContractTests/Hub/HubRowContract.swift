import ExchangeModel
import Testing
import UpgradeModel
import UpgradeWire

/// What putting, touching, counting and deleting a row means for the rows around it.
@Suite("Hub store contract: rows")
struct HubRowContract {
    @Test("Deleting says whether there was something, and leaves the same thing of another org alone", arguments: HubStoreKind.allCases)
    func deleting(kind: HubStoreKind) async throws {
        let deletes: [(row: String, work: @Sendable (any HubWriting) throws -> Bool)] = [
            ("org o ", { try $0.deleteOrg("o") }), ("user o/u", { try $0.deleteUser("o", "u") }),
            ("agbot o/b", { try $0.deleteAgbot("o", "b") }), ("policy o/p", { try $0.deleteManagementPolicy("o", "p") }),
            ("node o/n", { try $0.deleteNode("o", "n") }), ("group o/g", { try $0.deleteNodeGroup("o", "g") }),
            ("file file of o", { try $0.deleteObject("o", "t", "i") }),
        ]
        for (row, delete) in deletes {
            try await kind.run { store in
                try await store.write { try $0.addEverything() }
                let before = try await store.read { try $0.dump() }
                let (first, second) = try await store.write { (try delete($0), try delete($0)) }
                #expect(first && !second, "\(row)")
                let after = try await store.read { try $0.dump() }
                let rows = { (lines: [String]) in lines.filter { $0.hasPrefix(row) && !$0.hasSuffix(" nil") } }
                #expect(!rows(before).isEmpty && rows(after).isEmpty, "\(row)")
                let others = { (lines: [String]) in lines.filter { $0.contains(" x/") || $0.hasPrefix("org x") || $0.hasPrefix("row x") } }
                #expect(differences(others(before), others(after)) == [], "\(row)")
            }
        }
    }

    @Test("An org takes along all that is in it: one of the same name begins empty", arguments: HubStoreKind.allCases)
    func orgCascade(kind: HubStoreKind) async throws {
        func dump(_ prepare: @escaping @Sendable (any HubWriting) throws -> Void) async throws -> [String] {
            try await kind.run { store in
                try await store.write { tables in
                    try prepare(tables)
                    try tables.addOrg("o")
                    try tables.addNode("o", "n")
                }
                return try await store.read { try $0.dump() }.filter { !$0.hasPrefix("change") && !$0.hasPrefix("newest") }
            }
        }
        let anew = try await dump { tables in
            try tables.addEverything()
            #expect(try tables.deleteOrg("o"))
        }
        let fresh = try await dump { try $0.addEverything(in: ["x"]) }
        #expect(differences(fresh, anew) == [])
    }

    @Test("Parts of a row are those of the whole row, and a look-up sees what was written", arguments: HubStoreKind.allCases)
    func parts(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { tables in
                for org in ["o", "x"] { try tables.addOrg(org) }
                for (org, id, owner) in [("o", "n", "o/u"), ("o", "m", "o/v"), ("x", "n", "o/u")] {
                    try tables.addNode(org, id, owner: owner)
                }
                try tables.addAgbot("o", "b")
                try tables.addPolicy("o", "p")
            }
            try store.lookUp { (tables: any HubReading) throws in
                #expect(try tables.nodes("o", owner: "o/u").keys.sorted() == ["n"])
                #expect(try tables.nodes("o", owner: "o/U").isEmpty)
                #expect(try tables.nodes("o", owner: nil).keys.sorted() == ["m", "n"])
                #expect(try tables.nodeOwner("o", "m") == "o/v" && tables.nodeOwner("x", "m") == nil)
                #expect(try tables.nodeTokenHash("o", "m") == "hash of m" && tables.nodeTokenHash("o", "b") == nil)
                #expect(try tables.agbotTokenHash("o", "b") == "hash of b" && tables.agbotTokenHash("x", "b") == nil)
                #expect(try tables.hasManagementPolicy("o", "p") && !tables.hasManagementPolicy("x", "p"))
            }
            let before = try await store.read { try $0.dump() }
            for _ in 0..<2 { try await store.write { try $0.probe() } }
            let (near, far) = (try store.lookUp { try $0.dump() }, try await store.read { try $0.dump() })
            #expect(differences(near, far) == [])
            #expect(differences(before, far) == [])
            await store.close()
            #expect(throws: (any Error).self) { () throws in _ = try store.lookUp { try $0.org("o") } }
        }
    }

    @Test("A node takes along its reports, its membership and its turn", arguments: HubStoreKind.allCases)
    func nodeCascade(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { tables in
                try tables.addEverything()
                #expect(try tables.deleteNode("o", "n"))
                try tables.addNode("o", "n")
            }
            try await store.read { tables throws in
                #expect(try tables.nodePolicy("o", "n") == nil)
                #expect(try tables.nodeStatus("o", "n") == nil)
                #expect(try tables.nodeErrors("o", "n") == nil)
                #expect(try tables.managementStatuses("o", "n", policy: nil).isEmpty)
                #expect(try tables.statusHistory("o", "n").isEmpty)
                #expect(try tables.node("o", "n")?.document.haGroup == nil)
                #expect(try tables.nodeGroupMembers("o", "g") == ["m"])
                #expect(try tables.turn("o", "g") == nil)
                #expect(try tables.managementStatuses("o", "m", policy: nil).count == 2)
                #expect(try tables.turn("x", "g")?.node == "n")
            }
        }
    }

    @Test("A user takes along the nodes and agreement bots that it owns, in every org", arguments: HubStoreKind.allCases)
    func userCascade(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { tables in
                try tables.addEverything()
                try tables.addNode("x", "k", owner: "o/u")
                try tables.addNode("o", "k", owner: "x/u")
                #expect(try tables.nodeCount(owner: "o/u") == 3)
                #expect(try tables.deleteUser("o", "u"))
                #expect(try !tables.deleteUser("o", "u"))
            }
            try await store.read { tables throws in
                #expect(try tables.nodes("o", owner: nil).keys.sorted() == ["k"])
                #expect(try tables.nodes("x", owner: nil).keys.sorted() == ["m", "n"])
                #expect(try tables.agbot("o", "b") == nil)
                #expect(try tables.agbot("x", "b") != nil)
                #expect(try tables.managementPolicyCount(owner: "o/u") == 3)
                #expect(try tables.nodeCount(owner: "o/u") == 0)
            }
        }
    }

    @Test("A policy takes along its statuses, and the history stays", arguments: HubStoreKind.allCases)
    func policyCascade(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { tables in
                try tables.addEverything()
                #expect(try tables.deleteManagementPolicy("o", "p"))
            }
            try await store.read { tables throws in
                #expect(try tables.managementStatuses("o", "n", policy: nil).keys.sorted() == ["q"])
                #expect(try tables.managementStatuses("x", "n", policy: "p").keys.sorted() == ["p"])
                #expect(try tables.statusHistory("o", "n").map(\.policy) == ["o/p", "o/q"])
            }
        }
    }

    @Test("Putting anew replaces the row and keeps what belongs to it", arguments: HubStoreKind.allCases)
    func upserts(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { try $0.addEverything() }
            let reports = try await store.read { try $0.dump() }.filter { $0.hasPrefix("row") || $0.hasPrefix("members") }
            try await store.write { tables in
                try tables.putOrg("o", OrgDocument(label: "new"))
                try tables.addUser("o", "u", email: "new")
                try tables.addNode("o", "n", owner: "o/v", name: "new", key: "")
                try tables.addAgbot("o", "b", owner: "o/v")
                try tables.addPolicy("o", "p", owner: "o/v")
                try tables.putObject(HubSamples.object("o", "t", "i", file: "new"))
                try tables.putAgentFileVersion(AgentFileVersionDocument(agentSoftwareVersions: ["1"]))
                try tables.putAgentFileVersion(AgentFileVersionDocument(agentSoftwareVersions: ["2"]))
            }
            try await store.read { tables throws in
                let kept = try tables.dump().filter { $0.hasPrefix("row") || $0.hasPrefix("members") }
                #expect(differences(reports, kept) == [])
                #expect(try tables.org("o")?.label == "new")
                #expect(try tables.user("o", "u")?.document.email == "new")
                #expect(try tables.node("o", "n")?.document.name == "new")
                #expect(try tables.node("o", "n")?.document.haGroup == "g")
                #expect(try tables.nodePolicy("o", "n")?.label == "n")
                #expect(try tables.statusHistory("o", "n").count == 2)
                #expect(try tables.nodeCount(owner: "o/u") == 1)
                #expect(try tables.nodeCount(owner: "o/v") == 1)
                #expect(try tables.managementPolicyCount(owner: "o/v") == 1)
                #expect(try tables.dataFiles() == ["new", "file of x"])
                #expect(try tables.agentFileVersion()?.agentSoftwareVersions == ["2"])
            }
        }
    }

    @Test("A heartbeat moves one time alone, and tells whether there is somebody", arguments: HubStoreKind.allCases)
    func heartbeats(kind: HubStoreKind) async throws {
        try await kind.run { store in
            let (node, agbot, nobody) = try await store.write { tables in
                try tables.addEverything()
                return (
                    try tables.touchNode("o", "n", at: HubSamples.time), try tables.touchAgbot("o", "b", at: HubSamples.time),
                    try tables.touchNode("o", "none", at: HubSamples.time) || tables.touchAgbot("o", "n", at: HubSamples.time)
                )
            }
            #expect(node && agbot && !nobody)
            try await store.read { tables throws in
                #expect(try tables.node("o", "n")?.document.lastHeartbeat == "2027-01-15T08:00:00.123456Z")
                #expect(try tables.nodes("o", owner: nil)["n"]?.lastHeartbeat == "2027-01-15T08:00:00.123456Z")
                #expect(try tables.agbot("o", "b")?.document.lastHeartbeat == "2027-01-15T08:00:00.123456Z")
                #expect(try tables.node("o", "m")?.document.lastHeartbeat == nil)
                #expect(try tables.node("o", "n")?.tokenHash == "hash of n")
            }
        }
    }

    @Test("Counts are those of the hub or of one org", arguments: HubStoreKind.allCases)
    func counts(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { tables in
                try tables.addEverything()
                try tables.addNode("o", "unregistered", key: "")
            }
            let (all, one) = try await store.read { (try $0.counts(org: nil), try $0.counts(org: "o")) }
            #expect(all == HubCounts(orgs: 2, users: 2, nodes: 5, registeredNodes: 4, agbots: 2))
            #expect(one == HubCounts(orgs: 2, users: 1, nodes: 3, registeredNodes: 2, agbots: 1))
        }
    }

    @Test("The history keeps the newest, and its numbers go on", arguments: HubStoreKind.allCases)
    func history(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { tables in
                try tables.addEverything()
                for number in 3...7 {
                    try tables.appendStatusHistory("o", "n", policy: "p", received: "\(number)", body: .string("\(number)"), keep: 3)
                }
            }
            let history = try await store.read { try $0.statusHistory("o", "n") }
            #expect(history.map(\.number) == [5, 6, 7])
            #expect(history.map(\.body) == ["5", "6", "7"])
        }
    }

    @Test("Names are told apart and ordered by their bytes", arguments: HubStoreKind.allCases)
    func names(kind: HubStoreKind) async throws {
        // The last two look alike: one letter, and a letter with an accent of its own.
        let names = ["%2F", "B", "a", "a/b", "e\u{301}", "\u{e9}"]
        try await kind.run { store in
            try await store.write { tables in
                try tables.addOrg("o")
                try tables.addPolicy("o", "p")
                for name in names {
                    try tables.addNode("o", name, name: name)
                    try tables.putManagementStatus("o", name, policy: "p", HubSamples.status("waiting"))
                }
            }
            let rows = try await store.read { try $0.statusRows("o", HubStatusFilter(), limit: 100) }
            #expect(rows.map { Array($0.node.utf8) } == names.map { Array($0.utf8) })
            #expect(try await store.write { try $0.deleteNode("o", "\u{e9}") })
            #expect(try await store.read { try $0.node("o", "e\u{301}")?.tokenHash.utf8.count } == "hash of e\u{301}".utf8.count)
        }
    }

    @Test("The fleet's statuses come in pages, filtered", arguments: HubStoreKind.allCases)
    func statusPages(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { tables in
                try tables.addEverything()
                try tables.putManagementStatus("o", "n", policy: "q", HubSamples.status("successful"))
                try tables.addNode("o", "m", owner: "x/u")
            }
            func rows(_ filter: HubStatusFilter, _ limit: Int = 100) async throws -> [String] {
                try await store.read { try $0.statusRows("o", filter, limit: limit) }.map { "\($0.node) \($0.policy)" }
            }
            #expect(try await rows(HubStatusFilter()) == ["m p", "m q", "n p", "n q"])
            #expect(try await rows(HubStatusFilter(after: StatusCursor(node: "m", policy: "p")), 2) == ["m q", "n p"])
            #expect(try await rows(HubStatusFilter(policy: "p", after: StatusCursor(node: "m", policy: "p"))) == ["n p"])
            #expect(try await rows(HubStatusFilter(word: "successful")) == ["n q"])
            #expect(try await rows(HubStatusFilter(owner: "x/u")) == ["m p", "m q"])
        }
    }
}
