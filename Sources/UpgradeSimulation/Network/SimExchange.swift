import Synchronization
import UpgradeModel
import UpgradePorts

/// The hub as one node sees it, in memory: it holds what it is given, remembers what it was told, and refuses on request.
package final class SimExchange: ExchangeClient {
    /// What a node may ask of it.
    package enum Call: Hashable, Sendable {
        case node, nodePolicy, policies, statuses, versions, maxChange, changes, selfReport
        case hasPolicy(PolicyID)
        case put(PolicyID, Status)
        case delete(PolicyID)
        case patchVersions([Component: String])
        case patchKey(String)
        case patchPattern(String)
        case putProperties([Property])
        case object(String)
        case data(String)
        case turn(group: String, PolicyID)
    }

    /// All that it holds.
    package struct Content: Sendable {
        /// The node's own record.
        package var node = NodeRecord(pattern: "", pollMin: 0, pollMax: 0, softwareVersions: [:])
        /// The node's policy.
        package var nodePolicy = NodePolicy()
        /// Management policies of the org.
        package var policies: [NodeManagementPolicy] = []
        /// Status words by policy.
        package var statuses: [PolicyID: Status?] = [:]
        /// Offered versions.
        package var versions = PerComponent<[String]>(software: [], configuration: [], certificate: [])
        /// Objects by `org/type/id`.
        package var objects: [String: ObjectRecord] = [:]
        /// Their data, by the same name.
        package var data: [String: [UInt8]] = [:]
        /// Resources that changed since the last question.
        package var changed: Set<String> = []
        /// What it wants to hear of a node.
        package var wanted: Set<SelfReportPart> = []
        /// What it heard, in order.
        package var selfReports: [[UInt8]] = []
        /// The newest change.
        package var change: Int64 = 1
        /// Calls in order, refused ones too.
        package var calls: [Call] = []

        /// An empty hub.
        package init() {}
    }

    private let state: Mutex<Content>
    private let refuse: @Sendable (Call) -> TransferFailure?

    /// - Parameter refuse: asked before every call; nil lets it pass.
    package init(_ content: Content = Content(), refuse: @escaping @Sendable (Call) -> TransferFailure? = { _ in nil }) {
        state = Mutex(content)
        self.refuse = refuse
    }

    /// What it holds now.
    package var content: Content { state.withLock { $0 } }

    /// Changes what it holds.
    package func change(_ body: @Sendable (inout Content) -> Void) { state.withLock { body(&$0) } }

    /// An answer that is no success.
    package static func status(_ code: Int, retryAfter: Duration? = nil) -> TransferFailure {
        TransferFailure(.status(code), subject: "http://hub", explanation: "HTTP \(code)", retryAfter: retryAfter)
    }

    /// No connection.
    package static let away = TransferFailure(.connect, subject: "http://hub", explanation: "no connection")

    package func node() throws(TransferFailure) -> NodeRecord { try take(.node) { $0.node } }

    package func nodePolicy() throws(TransferFailure) -> NodePolicy { try take(.nodePolicy) { $0.nodePolicy } }

    package func putNodeProperties(_ properties: [Property]) throws(TransferFailure) {
        try take(.putProperties(properties)) { $0.nodePolicy.top.properties = properties }
    }

    package func policies() throws(TransferFailure) -> [NodeManagementPolicy] { try take(.policies) { $0.policies } }

    package func hasPolicy(_ id: PolicyID) throws(TransferFailure) -> Bool {
        try take(.hasPolicy(id)) { $0.policies.contains { $0.id == id } }
    }

    package func statuses() throws(TransferFailure) -> [PolicyID: Status?] { try take(.statuses) { $0.statuses } }

    package func putStatus(_ policy: PolicyID, _ report: StatusReport) throws(TransferFailure) {
        try take(.put(policy, report.status)) { $0.statuses[policy] = .some(report.status) }
    }

    package func deleteStatus(_ policy: PolicyID) throws(TransferFailure) {
        try take(.delete(policy)) { $0.statuses[policy] = nil }
    }

    package func patchSoftwareVersions(_ versions: [Component: String]) throws(TransferFailure) {
        try take(.patchVersions(versions)) { content in
            let node = content.node
            content.node = NodeRecord(pattern: node.pattern, pollMin: node.pollMin, pollMax: node.pollMax, softwareVersions: versions)
        }
    }

    package func patchPattern(_ pattern: String) throws(TransferFailure) { try take(.patchPattern(pattern)) { _ in } }

    package func patchPublicKey(_ key: String) throws(TransferFailure) { try take(.patchKey(key)) { _ in } }

    package func askTurn(of group: String, for policy: PolicyID) throws(TransferFailure) {
        try take(.turn(group: group, policy)) { _ in }
    }

    package func agentFileVersions() throws(TransferFailure) -> PerComponent<[String]> { try take(.versions) { $0.versions } }

    package func maxChangeID() throws(TransferFailure) -> Int64 { try take(.maxChange) { $0.change } }

    package func changes(from id: Int64) throws(TransferFailure) -> ChangePage {
        try take(.changes) { content in
            defer { content.changed = [] }
            return ChangePage(resources: content.changed, next: max(id, content.change + 1), hasMore: false, wanted: content.wanted)
        }
    }

    package func sendSelfReport(_ json: [UInt8]) throws(TransferFailure) { try take(.selfReport) { $0.selfReports.append(json) } }

    package func object(org: String, type: String, id: String) throws(TransferFailure) -> ObjectRecord? {
        let name = "\(org)/\(type)/\(id)"
        return try take(.object(name)) { $0.objects[name] }
    }

    package func objectData(org: String, type: String, id: String, max: Int) throws(TransferFailure) -> [UInt8] {
        let name = "\(org)/\(type)/\(id)"
        guard let bytes = try take(.data(name), { $0.data[name] }) else { throw SimExchange.status(404) }
        guard bytes.count <= max else { throw TransferFailure(.tooLong, subject: name, explanation: "more than \(max) bytes") }
        return bytes
    }

    package func objectRequest(org: String, type: String, id: String, bytesMax: Int64) -> TransferRequest {
        TransferRequest(
            url: "http://hub/\(org)/\(type)/\(id)", trust: HubTrust(certificateAuthorityFile: nil, allowInsecureHub: true),
            bytesMax: bytesMax)
    }

    package func probe() -> ProbeResult {
        do {
            _ = try node()
            return ProbeResult(succeeded: true, reason: "")
        } catch { return ProbeResult(succeeded: false, reason: error.explanation) }
    }

    @discardableResult
    private func take<Value: Sendable>(_ call: Call, _ body: (inout Content) -> Value) throws(TransferFailure) -> Value {
        state.withLock { $0.calls.append(call) }
        if let failure = refuse(call) { throw failure }
        return state.withLock { body(&$0) }
    }
}
