import FleetSimulation
import UpgradeExchange
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// The true hub as one simulated node reaches it: the agent's own HTTP client, under the run's names. Policies of others are kept from the node,
/// which would carry them out; the list of offered versions is the scenario's, because a hub has one for all of its organizations.
struct LoadClient: ExchangeClient {
    let inner: HTTPExchangeClient
    /// As the scenario names the node.
    let name: String
    let org: String
    let prefix: String
    let shelf: LoadShelf
    let words: LoadWords
    let versions: PerComponent<[String]>

    func node() throws(TransferFailure) -> NodeRecord { try inner.node() }

    func nodePolicy() throws(TransferFailure) -> NodePolicy { try inner.nodePolicy() }

    func putNodeProperties(_ properties: [Property]) throws(TransferFailure) { try inner.putNodeProperties(properties) }

    func policies() throws(TransferFailure) -> [NodeManagementPolicy] {
        try inner.policies().filter { $0.id.name.hasPrefix(prefix) }
    }

    func hasPolicy(_ id: PolicyID) throws(TransferFailure) -> Bool { try inner.hasPolicy(id) }

    func statuses() throws(TransferFailure) -> [PolicyID: Status?] {
        try inner.statuses().filter { $0.key.name.hasPrefix(prefix) }
    }

    func putStatus(_ policy: PolicyID, _ report: StatusReport) throws(TransferFailure) {
        try inner.putStatus(policy, report)
        words.said(report.status, of: policy, by: name)
    }

    func deleteStatus(_ policy: PolicyID) throws(TransferFailure) {
        try inner.deleteStatus(policy)
        words.tookBack(policy, by: name)
    }

    func patchSoftwareVersions(_ versions: [Component: String]) throws(TransferFailure) { try inner.patchSoftwareVersions(versions) }

    func patchPattern(_ pattern: String) throws(TransferFailure) { try inner.patchPattern(pattern) }

    func patchPublicKey(_ key: String) throws(TransferFailure) { try inner.patchPublicKey(key) }

    func askTurn(of group: String, for policy: PolicyID) throws(TransferFailure) { try inner.askTurn(of: group, for: policy) }

    func agentFileVersions() throws(TransferFailure) -> PerComponent<[String]> {
        _ = try inner.agentFileVersions()
        return versions
    }

    func maxChangeID() throws(TransferFailure) -> Int64 { try inner.maxChangeID() }

    func changes(from id: Int64) throws(TransferFailure) -> ChangePage { try inner.changes(from: id) }

    func sendSelfReport(_ json: [UInt8]) throws(TransferFailure) { try inner.sendSelfReport(json) }

    func probe() -> ProbeResult { inner.probe() }

    // MARK: Objects

    /// What is not of this run is not there, under a name of this run.
    func object(org: String, type: String, id: String) throws(TransferFailure) -> ObjectRecord? {
        let item = shelf.item(type: type, id: id)
        let found = try inner.object(org: self.org, type: item?.type ?? prefix + type, id: item?.id ?? id)
        guard let item, let found else { return nil }
        let length = item.wire.isEmpty ? item.object.record.length : Int64(item.wire.count)
        guard found.length == length, found.signature.signature == item.signature.signature else {
            throw TransferFailure(
                .other, subject: "\(item.type)/\(item.id)",
                explanation: "the hub tells other metadata than were put there: \(found.length) bytes, expected \(length)")
        }
        return item.object.record
    }

    func objectData(org: String, type: String, id: String, max: Int) throws(TransferFailure) -> [UInt8] {
        let item = shelf.item(type: type, id: id)
        let found = try inner.objectData(
            org: self.org, type: item?.type ?? prefix + type, id: item?.id ?? id, max: Swift.max(max, item?.wire.count ?? 0))
        guard let item else { return found }
        guard found == item.wire else {
            throw TransferFailure(.other, subject: "\(item.type)/\(item.id)", explanation: "the hub gives other bytes than were put there")
        }
        return item.object.data ?? []
    }

    func objectRequest(org: String, type: String, id: String, bytesMax: Int64) -> TransferRequest {
        let item = shelf.item(type: type, id: id)
        return inner.objectRequest(
            org: self.org, type: item?.type ?? prefix + type, id: item?.id ?? id, bytesMax: max(bytesMax, Int64(item?.wire.count ?? 0)))
    }
}
