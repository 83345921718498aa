import Foundation
import Testing
import UpgradeWire

/// Many write while some page through the changes: who pages by id misses nothing, and sees it in the order in which it was written.
/// Source: contract 1.6; the handbook's page on differences, "Changes".
@Suite struct HubWritersTests {
    private static let writers = 16
    private static let rounds = 30

    @Test func everyReaderSeesEveryAcknowledgedChangeInOrder() throws {
        let hub = try TestHub(Scratch())
        try makeNodes(hub)
        let end = Shared<Int64?>(nil)
        let readers: [(user: String, page: Int)] = [("root/root", 3), ("demo/admin", 7), ("root/root", 20), ("demo/reader", 5)]
        let seen = Shared([[SeenChange]](repeating: [], count: readers.count))
        try inParallel(readers.count + 1) { index in
            guard index < readers.count else { return try self.writeAll(hub, end) }
            var reader = ChangeReader(hub, user: readers[index].user, page: readers[index].page)
            let deadline = Date().addingTimeInterval(300)
            var isAtEnd = false
            while !isAtEnd {
                guard Date() < deadline else { throw Trouble("reader \(index) is at \(reader.next), the end is \(end.with { $0 } ?? 0)") }
                let newest = end.with { $0 }
                let isFull = try reader.poll()
                isAtEnd = !isFull && newest.map { reader.next > $0 } == true
            }
            seen.with { [all = reader.seen] in $0[index] = all }
        }
        for (index, reader) in readers.enumerated() { judge(seen.with { $0[index] }, reader.user) }
    }

    /// What each reader must have, beside numbers that grow, which `ChangeReader` asks for: the policies of each writer in the order of their acknowledgement, and as many words as were said.
    private func judge(_ seen: [SeenChange], _ user: String) {
        for writer in 0..<Self.writers {
            let policies = seen.filter { $0.resource == "mgmtpolicy" && $0.id.hasPrefix("w\(writer)-") }.map(\.id)
            #expect(policies == (0..<Self.rounds).map { "w\(writer)-\($0)" }, "\(user): policies of writer \(writer)")
            // A node sees of other nodes nothing.
            let words = seen.filter { $0.resource == "nodemgmtpolstatus" && $0.id == "node\(writer)" }.count
            #expect(words == (user == "demo/reader" ? 0 : Self.rounds), "\(user): words of node\(writer)")
        }
    }

    private func makeNodes(_ hub: TestHub) throws {
        let token = JSONValue.string(TestHub.password)
        for name in (0..<Self.writers).map({ "node\($0)" }) + ["reader"] {
            try hub.call("PUT", "v1/orgs/demo/nodes/\(name)", ["token": token, "name": .string(name)])
        }
    }

    /// All writers to their ends; then the newest number is known.
    private func writeAll(_ hub: TestHub, _ end: Shared<Int64?>) throws {
        try inParallel(Self.writers) { writer in
            for round in 0..<Self.rounds {
                let policy = "w\(writer)-\(round)"
                try hub.call(
                    "POST", "v1/orgs/demo/managementpolicies/\(policy)",
                    ["label": .string(policy), "enabled": true, "patterns": ["demo/p"], "start": "now"])
                try hub.call(
                    "PUT", "v1/orgs/demo/nodes/node\(writer)/managementStatus/\(policy)",
                    ["agentUpgradePolicyStatus": ["scheduledTime": "2026-01-01T00:00:00Z", "status": "waiting"]],
                    user: "demo/node\(writer)")
            }
        }
        let newest = try hub.call("GET", "v1/changes/maxchangeid")?[member: "maxChangeId"]?.integer
        end.with { $0 = newest ?? Int64.max }
    }
}
