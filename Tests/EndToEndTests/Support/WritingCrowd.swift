import Foundation
import UpgradePorts
import UpgradeWire

/// Sixteen clients that write nodes, statuses, policies and objects until the hub is killed, and who know what was acknowledged.
final class WritingCrowd: Sendable {
    /// What one client knows. Each thing is its own, so that nobody else's write can stand in its place.
    private struct Ledger: Sendable {
        /// The last acknowledged value of each thing that is replaced, by its kind.
        var acknowledged: [Kind: Int] = [:]
        /// Acknowledged writes of each kind; each left a change.
        var counts: [Kind: Int] = [:]
        /// Acknowledged policies; each has a name of its own.
        var policies: Set<String> = []
        /// The write that was not answered: done or not, both are right.
        var open: (kind: Kind, value: Int)?
        var value = 0
    }

    private enum Kind: Int, CaseIterable, Sendable { case node, status, policy, object }

    private static let clients = 16
    private let hub: TestHub
    private let folder: String
    private let ledgers: [Shared<Ledger>]
    /// Changes as somebody saw them before a kill.
    private let reader: Shared<ChangeReader>
    /// From then on connections may break.
    private let isKilled = Shared(false)

    /// Makes what the clients write to.
    init(_ hub: TestHub, _ scratch: Scratch) throws {
        self.hub = hub
        folder = try scratch.folder("uploads")
        ledgers = (0..<Self.clients).map { _ in Shared(Ledger()) }
        reader = Shared(ChangeReader(hub))
        try hub.call("POST", "v1/orgs/demo/managementpolicies/all", ["label": "all", "enabled": true, "patterns": ["demo/p"]])
        try inParallel(Self.clients) { [self] client in
            for kind in [Kind.node, .status, .object] { try put(kind, client, 0) }
        }
        for ledger in ledgers {
            ledger.with { ($0.acknowledged, $0.counts) = ([.node: 0, .status: 0, .object: 0], [.node: 1, .status: 1]) }
        }
        try reader.with { try $0.catchUp() }
    }

    // MARK: Writing

    /// So many writes by all together, and the kill by whoever gets that acknowledgement. Errors: an answer that is none of 2xx.
    func write(_ count: Int, killingAfter last: Int) throws {
        let (begun, answered) = (Shared(0), Shared(0))
        isKilled.with { $0 = false }
        try inParallel(Self.clients + 1) { [self] client in
            guard client < Self.clients else { return try readUntilKilled() }
            while begun.with({
                $0 += 1; return $0 <= count
            }) {
                guard try writeOne(client) else { return }
                if answered.with({
                    $0 += 1; return $0 == last
                }) {
                    isKilled.with { $0 = true }
                    hub.strike()
                }
            }
        }
        guard answered.with({ $0 >= last }) else { throw Trouble("the hub went away after \(answered.with { $0 }) writes by itself") }
    }

    /// A write of the next kind; false when the kill broke the connection.
    private func writeOne(_ client: Int) throws -> Bool {
        let (kind, value) = ledgers[client].with { ledger in
            ledger.value += 1
            let kind = Kind.allCases[(ledger.value + client) % Kind.allCases.count]
            ledger.open = (kind, ledger.value)
            return (kind, ledger.value)
        }
        do {
            try put(kind, client, value)
        } catch let failure as TransferFailure {
            guard isKilled.with({ $0 }) else { throw failure }
            return false
        }
        ledgers[client].with { ledger in
            ledger.open = nil
            ledger.counts[kind, default: 0] += 1
            if kind == .policy { ledger.policies.insert("c\(client)-\(value)") } else { ledger.acknowledged[kind] = value }
        }
        return true
    }

    private func put(_ kind: Kind, _ client: Int, _ value: Int) throws {
        switch kind {
        case .node:
            try hub.call("PUT", "v1/orgs/demo/nodes/c\(client)", ["token": .string(TestHub.password), "name": .string("v\(value)")])
        case .status:
            let status: JSONValue = ["scheduledTime": "2026-01-01T00:00:00Z", "status": .string("v\(value)")]
            try hub.call("PUT", "v1/orgs/demo/nodes/c\(client)/managementStatus/all", ["agentUpgradePolicyStatus": status])
        case .policy:
            let body: JSONValue = ["label": .string("v\(value)"), "enabled": true, "patterns": ["demo/p"]]
            try hub.call("POST", "v1/orgs/demo/managementpolicies/c\(client)-\(value)", body)
        case .object:
            let path = HubPath.object("demo", "crowd", "c\(client)")
            if value == 0 { try hub.call("PUT", path, ["meta": ["objectID": .string("c\(client)"), "objectType": "crowd"]]) }
            let file = folder + "/\(client)"
            try Data(Self.bytes(client, value)).write(to: URL(fileURLWithPath: file))
            try hub.bytes("PUT", path + "/data", .file(file))
        }
    }

    /// Many pieces, so that half of them would show; another length for each value.
    private static func bytes(_ client: Int, _ value: Int) -> [UInt8] {
        Array(String(repeating: "client \(client), value \(value)\n", count: 4000 + value % 100).utf8)
    }

    /// Errors: whatever a poll throws, but for a connection that the kill broke.
    private func readUntilKilled() throws {
        let deadline = Date().addingTimeInterval(300)
        do {
            while Date() < deadline { _ = try reader.with { try $0.poll() } }
        } catch let failure as TransferFailure {
            guard isKilled.with({ $0 }) else { throw failure }
            return
        }
        throw Trouble("the hub was not killed within 300 s")
    }

    // MARK: Judging

    /// Looks at everything after a restart. Errors: what is not as it was acknowledged.
    func judge() throws {
        var all = ChangeReader(hub)
        try all.catchUp()
        let before = reader.with { $0.seen }
        guard Array(all.seen.prefix(before.count)) == before else {
            let lost = before.filter { !all.seen.contains($0) }
            throw Trouble("changes that a reader saw before the kill are not the same any more: \(lost)")
        }
        let policies = try hub.call("GET", "v1/orgs/demo/managementpolicies")?[member: "managementPolicy"]?.object ?? [:]
        for client in 0..<Self.clients { try judge(client, Set(policies.keys.map { String($0.dropFirst(5)) }), all.seen) }
        let files = try FileManager.default.contentsOfDirectory(atPath: hub.folder + "/objects")
        try expect("files of objects", files.count, [Self.clients])
        try judgeNextNumber()
    }

    private func judge(_ client: Int, _ policies: Set<String>, _ changes: [SeenChange]) throws {
        let name = "c\(client)"
        let node = try hub.call("GET", "v1/orgs/demo/nodes/\(name)")?[member: "nodes"]?[member: "demo/\(name)"]
        try settle(.node, client, node?[member: "name"]?.string.flatMap { Int($0.dropFirst()) })
        try settle(.status, client, try hub.status("all", node: name)?[member: "status"]?.string.flatMap { Int($0.dropFirst()) })
        let data = try hub.bytes("GET", HubPath.objectData("demo", "crowd", name))
        try settle(.object, client, allowed(.object, client).first { Self.bytes(client, $0) == data })
        let mine = policies.filter { $0.hasPrefix(name + "-") }
        let open = ledgers[client].with { $0.open }
        let maybe: Set<String> = open?.kind == .policy ? ["\(name)-\(open?.value ?? 0)"] : []
        let known = ledgers[client].with { $0.policies }
        guard mine.isSuperset(of: known), mine.isSubset(of: known.union(maybe)) else {
            throw Trouble("policies of client \(client): lost \(known.subtracting(mine)), never made \(mine.subtracting(known))")
        }
        let made = Set(changes.filter { $0.resource == "mgmtpolicy" && $0.id.hasPrefix(name + "-") }.map(\.id))
        guard made == mine else { throw Trouble("policies of client \(client) without a change: \(mine.symmetricDifference(made))") }
        for (kind, resource) in [(Kind.node, "node"), (.status, "nodemgmtpolstatus")] {
            let found = changes.filter { $0.resource == resource && $0.id == name }.count
            let count = ledgers[client].with { $0.counts[kind] ?? 0 }
            try expect("changes \(resource) of \(name)", found, open?.kind == kind ? [count, count + 1] : [count])
            ledgers[client].with { $0.counts[kind] = found }
        }
        ledgers[client].with { [mine] in ($0.policies, $0.open) = (mine, nil) }
    }

    /// A new change is numbered behind everything that was there.
    private func judgeNextNumber() throws {
        try reader.with { [hub] reader in
            try reader.catchUp()
            let count = reader.seen.count
            try hub.call("PUT", "v1/orgs/demo/managementpolicies/all", ["label": "all", "enabled": true, "patterns": ["demo/p"]])
            try reader.catchUp()
            guard reader.seen.count == count + 1 else { throw Trouble("one write, \(reader.seen.count - count) new changes") }
        }
    }

    private func allowed(_ kind: Kind, _ client: Int) -> [Int] {
        ledgers[client].with { ledger in
            [ledger.acknowledged[kind], ledger.open?.kind == kind ? ledger.open?.value : nil].compactMap { $0 }
        }
    }

    /// The value is the acknowledged one, or the one that was under way; from here on it is the acknowledged one.
    private func settle(_ kind: Kind, _ client: Int, _ found: Int?) throws {
        try expect("\(kind) of client \(client)", found ?? -1, allowed(kind, client))
        ledgers[client].with { $0.acknowledged[kind] = found }
    }

    private func expect(_ what: String, _ found: Int, _ allowed: [Int]) throws {
        guard allowed.contains(found) else { throw Trouble("\(what): found \(found), expected one of \(allowed)") }
    }
}
