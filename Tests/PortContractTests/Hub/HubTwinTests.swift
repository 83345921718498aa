import ExchangeModel
import ExchangeServer
import Testing
import UpgradeModel
import UpgradeSimulation
import UpgradeWire

/// The same chance work on both stores ends in the same state, with the same answers.
@Suite("Hub store contract: both alike")
struct HubTwinTests {
    @Test(arguments: 0..<24 as Range<UInt64>)
    func bothStoresAgree(seed: UInt64) async throws {
        var chance = Chance(state: seed)
        let writes = (0..<40).map { _ in Write(&chance) }
        var ends: [[String]] = []
        for kind in HubStoreKind.allCases {
            ends.append(
                try await kind.run { store in
                    var answers: [String] = []
                    for write in writes {
                        do { answers.append("\(try await store.write(write.run))") } catch { answers.append("refused") }
                    }
                    return try await answers + store.read { try $0.dump() }
                })
        }
        #expect(differences(ends[0], ends[1]) == [])
        let isInOrder = ends[0] == ends[1]
        #expect(isInOrder, "the same lines, in another order")
    }

    /// A few steps in one transaction, sometimes taken back at the end.
    private struct Write: Sendable {
        private let steps: [Step]
        private let isRefused: Bool

        init(_ chance: inout Chance) {
            steps = (0...chance.next(4)).map { _ in Step(&chance) }
            isRefused = chance.next(6) == 0
        }

        @Sendable func run(_ tables: any HubWriting) throws -> [Bool] {
            let answers = try steps.map { try $0.run(tables) }
            if isRefused { throw Refused() }
            return answers
        }
    }

    /// One call of the port with names from a small stock, so that rows meet.
    private struct Step: Sendable {
        let kind, number: Int
        let org, node, policy, group: String

        init(_ chance: inout Chance) {
            kind = chance.next(31)
            number = chance.next(100)
            org = ["o", "x"][chance.next(2)]
            node = ["n", "m", "k"][chance.next(3)]
            policy = ["p", "q"][chance.next(2)]
            group = ["g", "h"][chance.next(2)]
        }

        func run(_ tables: any HubWriting) throws -> Bool {
            switch kind {
            case 0, 1, 2, 3: try tables.addOrg(org)
            case 4: try tables.addUser(org, "u", email: "\(number)")
            case 5, 6, 7: try tables.addNode(org, node, owner: "\(group == "g" ? "o" : "x")/u", name: "\(number)")
            case 8: try tables.addAgbot(org, "b")
            case 9, 10: try tables.addPolicy(org, policy, owner: "\(org)/u")
            case 11: try tables.addReports(org, node, policy: policy)
            case 12: try tables.appendStatusHistory(org, node, policy: policy, received: "\(number)", body: .null, keep: 2)
            case 13: try tables.addGroup(org, group, number < 50 ? [node] : ["m", "n"])
            case 14: try tables.appendChange(.node(org, node, .modified), at: HubSamples.time.adding(.seconds(Int64(number) * 300)))
            case 15: try tables.putObject(HubSamples.object(org, "t", node, file: number < 50 ? nil : "\(number)"))
            case 16: return try tables.deleteUser(org, "u")
            case 17: return try tables.deleteNode(org, node)
            case 18: return try tables.deleteManagementPolicy(org, policy)
            case 19: return try tables.deleteNodeGroup(org, group)
            case 20: return try tables.deleteTurn(org, group)
            case 21: try tables.endTurn(org, policy: policy, node: number < 50 ? nil : node)
            case 22: return try tables.touchNode(org, node, at: HubSamples.time.adding(.seconds(Int64(number))))
            case 23: return try tables.deleteManagementStatus(org, node, policy: policy)
            case 26, 27:
                try tables.addOperation(
                    number < 80 ? HubNodePlace(org: org, id: node) : nil, "\(number % 7)", isOpen: number % 3 == 0, number)
            case 28:
                try tables.trimOperations(
                    of: number < 70 ? HubNodePlace(org: org, id: node) : nil, activity: number % 2 == 0 ? nil : "poll", to: number % 4)
            case 29: return try tables.purgeOperations(at: HubSamples.time.adding(.seconds(Int64(number))), batch: 2) > 0
            case 30: try tables.addHealth(org, node, received: "\(number)")
            case 24: return try tables.deleteObject(org, "t", node)
            default: return try number < 20 ? tables.deleteOrg(org) : tables.deleteNodeStatus(org, node)
            }
            return true
        }
    }

    /// Numbers that only look like chance. Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
    private struct Chance {
        var state: UInt64

        /// A number from zero to below the bound.
        mutating func next(_ bound: Int) -> Int {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
        }
    }
}
