import ExchangeModel
import Testing
import UpgradeWire

@testable import ExchangeServer

/// What a node said and in which order. An addition of ours.
@Suite struct StatusHistoryTests {
    private func status(_ word: String) -> JSONValue {
        ["agentUpgradePolicyStatus": ["scheduledTime": "2026-01-02T03:04:05Z", "status": .string(word)]]
    }

    @Test func everyAcceptedPutIsThereInOrderAndNoOther() async throws {
        try await TestHub.run { hub in
            try await hub.addOrg("o")
            try await hub.addNode("o", "n1")
            try await hub.addNode("o", "n2")
            for policy in ["p", "q"] { try await hub.addPolicy("o", policy) }
            let path = "/v1/orgs/o/nodes/n1/managementStatus/"
            for (policy, word) in [("p", "waiting"), ("q", "waiting"), ("p", "download started")] {
                let answer = try await hub.client.send("PUT", path + policy, auth: "o/n1:tok-n1", json: status(word))
                #expect(answer.status == 201)
            }
            #expect(try await hub.client.send("PUT", path + "missing", auth: "o/n1:tok-n1", json: status("lost")).status == 404)
            #expect(try await hub.client.send("PUT", path + "p", auth: "o/n2:tok-n2", json: status("foreign")).status == 403)
            try await hub.asRoot("DELETE", path + "q", status: 204)

            let history = "/v1/orgs/o/nodes/n1/managementStatusHistory"
            let answer = try await hub.client.send("GET", history, auth: "o/n1:tok-n1")
            let rows = answer.json?[member: "history"]?.array ?? []
            #expect(rows.map { $0[member: "number"] } == [1, 2, 3])
            #expect(rows.map { $0[member: "policy"] } == ["o/p", "o/q", "o/p"])
            #expect(rows.map { $0[member: "body"] } == [status("waiting"), status("waiting"), status("download started")])
            let times = rows.compactMap { $0[member: "received"]?.string }
            #expect(times.count == 3 && times == times.sorted())
            #expect(try await hub.client.send("GET", history, auth: "o/n2:tok-n2").status == 403)
            try await hub.asRoot("GET", "/v1/orgs/o/nodes/n9/managementStatusHistory", status: 404)
        }
    }

    @Test func theHistoryIsBounded() async throws {
        let root = try makeScratchFolder()
        defer { removeFolder(root) }
        let store = try SQLiteHubStore(path: root + "/x.db")
        try await store.write { tables in
            try tables.putOrg("o", .init())
            for node in ["n1", "n2"] { try tables.putNode("o", node, HubNode(document: .init(), tokenHash: "")) }
            try tables.appendStatusHistory("o", "n2", policy: "p", received: "t", body: [:], keep: 3)
            for number in 1...10 {
                try tables.appendStatusHistory("o", "n1", policy: "p", received: "t", body: .number(Double(number)), keep: 3)
            }
        }
        let (first, second) = try await store.read { (try $0.statusHistory("o", "n1"), try $0.statusHistory("o", "n2")) }
        #expect(first.map(\.number) == [8, 9, 10])
        #expect(first.map(\.body) == [8, 9, 10])
        #expect(second.map(\.number) == [1])
        await store.close()
    }
}
