import UpgradeModel

/// Where the hub is and how it is believed, from the settings of one release.
package struct HubAddress: Hashable, Sendable {
    /// Exchange address, ending in `/v1`.
    package let exchangeURL: String
    /// CSS address.
    package let objectsURL: String
    /// Agbot address, for the turns of high-availability groups; empty = none.
    package let agbotURL: String
    /// Which servers are believed.
    package let trust: HubTrust
    /// Bound of one call.
    package let timeout: Duration

    /// Memberwise.
    package init(exchangeURL: String, objectsURL: String, agbotURL: String = "", trust: HubTrust, timeout: Duration = .seconds(30)) {
        self.exchangeURL = exchangeURL
        self.objectsURL = objectsURL
        self.agbotURL = agbotURL
        self.trust = trust
        self.timeout = timeout
    }
}

/// Makes clients: one for each hub and identity.
package protocol ExchangeConnector: Sendable {
    /// A client that speaks as one node.
    func client(_ hub: HubAddress, org: String, node: String, token: String) -> any ExchangeClient
}

/// The exchange and CSS as one node uses them: blocking calls with a deadline, no retry inside. Errors are `TransferFailure`, with kind
/// `.status` for every answer that is no success. Source: contract 1 and 2.
package protocol ExchangeClient: Sendable {
    /// The node's own record.
    func node() throws(TransferFailure) -> NodeRecord
    /// The node's policy; empty when it has none (404).
    func nodePolicy() throws(TransferFailure) -> NodePolicy
    /// Replaces the properties in the general part of the node's policy; the rest of it stays.
    func putNodeProperties(_ properties: [Property]) throws(TransferFailure)
    /// All policies of the node's org; empty when there are none (404).
    func policies() throws(TransferFailure) -> [NodeManagementPolicy]
    /// Whether the policy exists.
    func hasPolicy(_ id: PolicyID) throws(TransferFailure) -> Bool
    /// The status words that the exchange holds for this node, by policy; nil for a word that is none of ours.
    func statuses() throws(TransferFailure) -> [PolicyID: Status?]
    /// Replaces the status of a policy.
    func putStatus(_ policy: PolicyID, _ report: StatusReport) throws(TransferFailure)
    /// Removes the status of a policy; one that is not there is fine.
    func deleteStatus(_ policy: PolicyID) throws(TransferFailure)
    /// Replaces the node's `softwareVersions`.
    func patchSoftwareVersions(_ versions: [Component: String]) throws(TransferFailure)
    /// Replaces the node's `pattern` (`org/pattern`); empty = none.
    func patchPattern(_ pattern: String) throws(TransferFailure)
    /// Replaces the node's `publicKey` (PEM text); empty = not registered.
    func patchPublicKey(_ key: String) throws(TransferFailure)
    /// Asks the agbot for the turn of a high-availability group, or renews it. Returns when it is granted; `.status(409)` while another
    /// member has it. Source: contract 1.7.
    func askTurn(of group: String, for policy: PolicyID) throws(TransferFailure)
    /// The published versions per component, in the exchange's order.
    func agentFileVersions() throws(TransferFailure) -> PerComponent<[String]>
    /// The newest change id.
    func maxChangeID() throws(TransferFailure) -> Int64
    /// Changes from an id on; counts as heartbeat.
    func changes(from id: Int64) throws(TransferFailure) -> ChangePage
    /// What a hub asked for in its answer to a poll: a `SelfReportDocument` as JSON. `.status(404)` from a hub that never asks.
    func sendSelfReport(_ json: [UInt8]) throws(TransferFailure)
    /// Metadata of a CSS object; nil when it is missing (404), or not for this node (403).
    func object(org: String, type: String, id: String) throws(TransferFailure) -> ObjectRecord?
    /// A small object's whole data.
    func objectData(org: String, type: String, id: String, max: Int) throws(TransferFailure) -> [UInt8]
    /// How a large object's data is fetched.
    func objectRequest(org: String, type: String, id: String, bytesMax: Int64) -> TransferRequest
    /// One call that proves hub, credentials and trust: the node's own record.
    func probe() -> ProbeResult
}

/// What a node knows of itself at the exchange.
package struct NodeRecord: Hashable, Sendable {
    /// `org/pattern`, or empty.
    package let pattern: String
    /// Shortest poll interval in seconds; 0 = not told.
    package let pollMin: Int
    /// Longest poll interval in seconds; 0 = not told.
    package let pollMax: Int
    /// `softwareVersions` as stored.
    package let softwareVersions: [Component: String]
    /// Its high-availability group; nil for none.
    package let group: String?

    /// Memberwise.
    package init(pattern: String, pollMin: Int, pollMax: Int, softwareVersions: [Component: String], group: String? = nil) {
        self.pattern = pattern
        self.pollMin = pollMin
        self.pollMax = pollMax
        self.softwareVersions = softwareVersions
        self.group = group
    }
}

/// One answer of the change feed.
package struct ChangePage: Hashable, Sendable {
    /// The resource names that changed, as far as they concern this node.
    package let resources: Set<String>
    /// The id to ask for next.
    package let next: Int64
    /// More rows wait.
    package let hasMore: Bool
    /// What the hub wants to hear beside statuses; an addition of `uplift-exchange`.
    package let wanted: Set<SelfReportPart>

    /// Memberwise.
    package init(resources: Set<String>, next: Int64, hasMore: Bool, wanted: Set<SelfReportPart> = []) {
        self.resources = resources
        self.next = next
        self.hasMore = hasMore
        self.wanted = wanted
    }
}

/// What the CSS says about an object.
package struct ObjectRecord: Hashable, Sendable {
    /// Bytes.
    package let length: Int64
    /// Signature fields.
    package let signature: DetachedSignature

    /// Memberwise.
    package init(length: Int64, signature: DetachedSignature) {
        self.length = length
        self.signature = signature
    }
}
