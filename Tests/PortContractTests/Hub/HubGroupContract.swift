import ExchangeModel
import Testing
import UpgradeModel
import UpgradeWire

/// High-availability groups, their members, and the turn that one of them has.
@Suite("Hub store contract: groups")
struct HubGroupContract {
    private static let turn = Turn(node: "n", policy: "p", granted: HubSamples.time, renewed: HubSamples.time.adding(.seconds(5)))

    @Test("The turn of a member that leaves ends; that of one who stays does not", arguments: HubStoreKind.allCases)
    func leaving(kind: HubStoreKind) async throws {
        try await kind.run { store in
            let turns = try await store.write { tables in
                try tables.addEverything()
                let group = try #require(try tables.nodeGroup("o", "g"))
                try tables.putTurn("o", "g", Self.turn)
                try tables.putNodeGroup("o", "g", group, members: ["n"])
                let stays = try tables.turn("o", "g")
                try tables.putNodeGroup("o", "g", group, members: ["m"])
                return (stays, try tables.turn("o", "g"))
            }
            #expect(turns.0 == Self.turn)
            #expect(turns.1 == nil)
            try await store.read { tables throws in
                #expect(try tables.nodeGroupMembers("o", "g") == ["m"])
                #expect(try tables.nodes("o", owner: nil)["n"]?.haGroup == nil)
                #expect(try tables.nodes("o", owner: nil)["m"]?.haGroup == "g")
                #expect(try tables.nodes("x", owner: nil)["n"]?.haGroup == "g")
            }
        }
    }

    @Test("A group takes along its memberships and its turn", arguments: HubStoreKind.allCases)
    func deleting(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { tables in
                try tables.addEverything()
                #expect(try tables.deleteNodeGroup("o", "g"))
                #expect(try !tables.deleteNodeGroup("o", "g"))
                try tables.addGroup("o", "h", [])
            }
            try await store.read { tables throws in
                #expect(try tables.nodeGroupNames("o") == ["h"])
                #expect(try tables.node("o", "n")?.document.haGroup == nil)
                #expect(try tables.turn("o", "g") == nil)
                #expect(try tables.nodeGroupMembers("x", "g") == ["m", "n"])
            }
        }
    }

    @Test("A turn ends by hand, or with its policy", arguments: HubStoreKind.allCases)
    func ending(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { tables in
                try tables.addEverything()
                try tables.endTurn("o", policy: "p", node: "m")
                #expect(try tables.turn("o", "g") != nil)
                try tables.endTurn("o", policy: "q", node: nil)
                #expect(try tables.turn("o", "g") != nil)
                try tables.endTurn("o", policy: "p", node: "n")
                #expect(try tables.turn("o", "g") == nil)
                #expect(try !tables.deleteTurn("o", "g"))
                #expect(try tables.turn("x", "g") != nil)
                try tables.endTurn("x", policy: "p", node: nil)
                #expect(try tables.turn("x", "g") == nil)
                try tables.putTurn("x", "g", Self.turn)
                #expect(try tables.deleteTurn("x", "g"))
            }
        }
    }
}
