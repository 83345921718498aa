import ExchangeModel
import UpgradeExchange
import UpgradeModel
import UpgradeWire

/// A management policy and its manifest as their own files say: just what somebody is about to publish.
package struct RolloutDocuments: Sendable {
    /// The policy's name.
    package var name: String
    /// As it would be sent to the exchange.
    package var policy: NodeManagementPolicyRequestDocument
    /// What the policy's manifest says.
    package var manifest: ManifestDocument

    /// Memberwise.
    package init(name: String, policy: NodeManagementPolicyRequestDocument, manifest: ManifestDocument) {
        self.name = name
        self.policy = policy
        self.manifest = manifest
    }

    /// The policy as the exchange stores it, by the exchange's own rule.
    func stored(at time: String) -> NodeManagementPolicy {
        ManagementPolicyRule.stored(policy, owner: FleetHub.org, now: time).model(PolicyID(org: FleetHub.org, name: name))
    }
}
