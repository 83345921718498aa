import UpgradeModel
import UpgradePorts

/// A hub with other rules.
struct WrongHub: ExchangeClient {
    let inner: any ExchangeClient
    /// In the place of taking a word in; false = as it should be.
    var takes: @Sendable (PolicyID, StatusReport) throws(TransferFailure) -> Bool = { _, _ in false }
    /// In the place of the rule of turns; nil = as it should be.
    var turn: (@Sendable (_ group: String, PolicyID) throws(TransferFailure) -> Void)?
    /// Calls where one would do.
    var times = 1
    /// Calls that follow at once when one fails.
    var tries = 1
    /// How much longer than published the windows of policies are.
    var stretch = 1
    /// Says that nothing has changed.
    var isSilent = false

    func node() throws(TransferFailure) -> NodeRecord { try inner.node() }

    func nodePolicy() throws(TransferFailure) -> NodePolicy { try inner.nodePolicy() }

    func putNodeProperties(_ properties: [Property]) throws(TransferFailure) { try inner.putNodeProperties(properties) }

    func policies() throws(TransferFailure) -> [NodeManagementPolicy] {
        try inner.policies().map { policy in
            var policy = policy
            policy.startWindowSeconds *= stretch
            return policy
        }
    }

    func hasPolicy(_ id: PolicyID) throws(TransferFailure) -> Bool { try inner.hasPolicy(id) }

    func statuses() throws(TransferFailure) -> [PolicyID: Status?] { try inner.statuses() }

    func putStatus(_ policy: PolicyID, _ report: StatusReport) throws(TransferFailure) {
        if try !takes(policy, report) { try inner.putStatus(policy, report) }
    }

    func deleteStatus(_ policy: PolicyID) throws(TransferFailure) { try inner.deleteStatus(policy) }

    func patchSoftwareVersions(_ versions: [Component: String]) throws(TransferFailure) { try inner.patchSoftwareVersions(versions) }

    func patchPattern(_ pattern: String) throws(TransferFailure) { try inner.patchPattern(pattern) }

    func patchPublicKey(_ key: String) throws(TransferFailure) { try inner.patchPublicKey(key) }

    func askTurn(of group: String, for policy: PolicyID) throws(TransferFailure) {
        if let turn { try turn(group, policy) } else { try inner.askTurn(of: group, for: policy) }
    }

    func agentFileVersions() throws(TransferFailure) -> PerComponent<[String]> { try inner.agentFileVersions() }

    func maxChangeID() throws(TransferFailure) -> Int64 { try inner.maxChangeID() }

    func changes(from id: Int64) throws(TransferFailure) -> ChangePage {
        for _ in 1..<times { _ = try inner.changes(from: id) }
        for _ in 1..<tries { if let page = try? inner.changes(from: id) { return told(page) } }
        return told(try inner.changes(from: id))
    }

    private func told(_ page: ChangePage) -> ChangePage {
        isSilent ? ChangePage(resources: [], next: page.next, hasMore: false) : page
    }

    func sendSelfReport(_ json: [UInt8]) throws(TransferFailure) { try inner.sendSelfReport(json) }

    func object(org: String, type: String, id: String) throws(TransferFailure) -> ObjectRecord? {
        try inner.object(org: org, type: type, id: id)
    }

    func objectData(org: String, type: String, id: String, max: Int) throws(TransferFailure) -> [UInt8] {
        try inner.objectData(org: org, type: type, id: id, max: max)
    }

    func objectRequest(org: String, type: String, id: String, bytesMax: Int64) -> TransferRequest {
        inner.objectRequest(org: org, type: type, id: id, bytesMax: bytesMax)
    }

    func probe() -> ProbeResult { inner.probe() }
}
