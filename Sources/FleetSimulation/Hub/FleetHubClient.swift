import ExchangeModel
import UpgradeModel
import UpgradePorts

/// The hub as one node reaches it: every call takes the time of its link, some are lost, and a dead process asks nothing.
struct FleetHubClient: ExchangeClient {
    let hub: FleetHub
    /// Where its program looks for the hub.
    let address: HubAddress
    let machine: FleetNode
    /// The program that asks cannot reach any hub.
    let isDeaf: Bool

    func node() throws(TransferFailure) -> NodeRecord {
        try take("node") { tables, row in
            NodeRecord(pattern: "", pollMin: 0, pollMax: 0, softwareVersions: row.versions, group: row.group)
        }
    }

    func nodePolicy() throws(TransferFailure) -> NodePolicy { try take("policy of the node") { _, row in row.policy } }

    func putNodeProperties(_ properties: [Property]) throws(TransferFailure) {
        try take("policy of the node") { tables, row in
            row.policy.top.properties = properties
            tables.note("nodepolicies", for: &row)
        }
    }

    func policies() throws(TransferFailure) -> [NodeManagementPolicy] { try take("policies") { tables, _ in tables.policies } }

    func hasPolicy(_ id: PolicyID) throws(TransferFailure) -> Bool {
        try take("policy \(id)") { tables, _ in tables.policies.contains { $0.id == id } }
    }

    func statuses() throws(TransferFailure) -> [PolicyID: Status?] { try take("statuses") { _, row in row.statuses } }

    func putStatus(_ policy: PolicyID, _ report: StatusReport) throws(TransferFailure) {
        let name = machine.name
        try take("status of \(policy)") { tables, row throws(TransferFailure) in
            guard tables.policies.contains(where: { $0.id == policy }) else { throw FleetHub.refusal(404, "policy \(policy)") }
            row.statuses[policy] = .some(report.status)
            tables.note("nodemgmtpolstatus", for: &row)
            if TurnRule.ends(report.status), let group = row.group { tables.endTurn(of: group, node: name, policy: policy.name) }
        }
        hub.told(name, policy, report)
        machine.watcher.arrives(machine, policy, .status(report))
    }

    func deleteStatus(_ policy: PolicyID) throws(TransferFailure) {
        let name = machine.name
        try take("status of \(policy)") { tables, row in
            row.statuses[policy] = nil
            if let group = row.group { tables.endTurn(of: group, node: name, policy: policy.name) }
        }
        machine.watcher.arrives(machine, policy, .deletion)
    }

    func patchSoftwareVersions(_ versions: [Component: String]) throws(TransferFailure) {
        try take("versions of the node") { _, row in row.versions = versions }
        machine.watcher.arrives(machine, PolicyID(org: FleetHub.org, name: ""), .softwareVersions(versions))
    }

    func patchPattern(_ pattern: String) throws(TransferFailure) { try take("pattern of the node") { _, _ in } }

    func patchPublicKey(_ key: String) throws(TransferFailure) { try take("key of the node") { _, _ in } }

    func askTurn(of group: String, for policy: PolicyID) throws(TransferFailure) {
        let (machine, name, now) = (machine, machine.name, hub.time(at: hub.now))
        try take("turn of \(group)") { tables, _ throws(TransferFailure) in
            guard tables.policies.contains(where: { $0.id == policy }) else { throw FleetHub.refusal(400, "turn of \(group)") }
            let turn = tables.turns[group]
            let seen = turn.flatMap { tables.lastSeen($0, at: hub) }
            switch TurnRule.answer(node: name, policy: policy.name, turn: turn, lastSeen: seen, now: now) {
            case .granted(let turn):
                tables.turns[group] = turn
                machine.watcher.seen(machine)
            case .taken: throw FleetHub.refusal(409, "turn of \(group)")
            }
        }
    }

    func agentFileVersions() throws(TransferFailure) -> PerComponent<[String]> { try take("versions") { tables, _ in tables.versions } }

    func maxChangeID() throws(TransferFailure) -> Int64 { try take("newest change") { tables, _ in tables.newestChange } }

    func changes(from id: Int64) throws(TransferFailure) -> ChangePage {
        let (machine, now) = (machine, hub.now)
        return try take("changes") { tables, row in
            row.lastSeen = now
            machine.watcher.seen(machine)
            return tables.page(row, from: id)
        }
    }

    /// This hub never asks.
    func sendSelfReport(_ json: [UInt8]) throws(TransferFailure) {
        throw TransferFailure(.status(404), subject: "self report", explanation: "HTTP 404: there is nothing here")
    }

    func object(org: String, type: String, id: String) throws(TransferFailure) -> ObjectRecord? {
        try take("\(org)/\(type)/\(id)") { tables, _ in tables.objects["\(org)/\(type)/\(id)"]?.record }
    }

    func objectData(org: String, type: String, id: String, max: Int) throws(TransferFailure) -> [UInt8] {
        let name = "\(org)/\(type)/\(id)"
        return try take(name) { tables, _ throws(TransferFailure) in
            guard let data = tables.objects[name]?.data else { throw FleetHub.refusal(404, name) }
            return data
        }
    }

    func objectRequest(org: String, type: String, id: String, bytesMax: Int64) -> TransferRequest {
        TransferRequest(
            url: "\(org)/\(type)/\(id)", trust: HubTrust(certificateAuthorityFile: nil, allowInsecureHub: true), bytesMax: bytesMax)
    }

    func probe() -> ProbeResult {
        do {
            try take("node", isProbe: true) { _, _ in }
            return ProbeResult(succeeded: true, reason: "")
        } catch { return ProbeResult(succeeded: false, reason: error.explanation) }
    }

    /// One call: through the link, and to the node's own rows. The way back can fail too, and what was not heard may be asked twice.
    private func take<Value: Sendable>(
        _ subject: String, isProbe: Bool = false, _ body: (inout HubTables, inout HubTables.Node) throws(TransferFailure) -> Value
    ) throws(TransferFailure) -> Value {
        if isDeaf { throw TransferFailure(.connect, subject: subject, explanation: "this program reaches no hub") }
        try machine.cross(subject, isProbe: isProbe)
        if let objection = machine.objection(to: address) {
            machine.watcher.unheard(machine)
            throw objection
        }
        let calls = machine.troubles.calls
        if machine.happens(calls.repeated) {
            machine.linkBites("\(subject) reaches the hub twice")
            _ = try? ask(subject, body)
        }
        let answer = try ask(subject, body)
        guard !machine.happens(calls.lost) else {
            machine.clock.took(.seconds(30))
            machine.linkBites("the answer about \(subject) is lost")
            throw TransferFailure(.timeout, subject: subject, explanation: "no answer for 30 s")
        }
        return answer
    }

    private func ask<Value: Sendable>(
        _ subject: String, _ body: (inout HubTables, inout HubTables.Node) throws(TransferFailure) -> Value
    ) throws(TransferFailure) -> Value {
        let number = machine.number
        do {
            return try hub.take(subject) { tables throws(TransferFailure) in
                // The row is taken out for the call: nothing is copied, and the body may look at the tables beside it.
                var row = HubTables.Node.none
                swap(&row, &tables.nodes[number])
                defer { swap(&row, &tables.nodes[number]) }
                return try body(&tables, &row)
            }
        } catch {
            if case .status(let code) = error.kind, hub.isAway || [401, 403].contains(code) || code >= 429 {
                machine.watcher.unheard(machine)
            }
            throw error
        }
    }
}

extension HubTables {
    /// The holder's heartbeat; it says nothing of a job that is not under way any more.
    fileprivate func lastSeen(_ turn: Turn, at hub: FleetHub) -> UTCInstant? {
        guard let row = numbers[turn.node].map({ nodes[$0] }),
            case .some(.some(let word)) = row.statuses[PolicyID(org: FleetHub.org, name: turn.policy)],
            word != .rollbackFailed, !TurnRule.ends(word)
        else { return nil }
        return row.lastSeen.map { hub.time(at: $0) } ?? .distantPast
    }

    /// The turn is given back, if this job has it.
    mutating func endTurn(of group: String, node: String, policy: String) {
        if let turn = turns[group], turn.node == node, turn.policy == policy { turns[group] = nil }
    }
}
