import ExchangeModel
import FleetSimulation
import UpgradeExchange
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// What a scenario's steps do at the true hub, under the run's names and for the run's nodes alone.
final class LoadPublisher {
    private let order: LoadOrder
    private let desk: LoadDesk
    private let shelf: LoadShelf
    private let words: LoadWords
    private let begins: UTCInstant
    private let sign: ([UInt8]) throws -> DetachedSignature
    /// As they were last published, by their names in the scenario.
    private var policies: [String: NodeManagementPolicyRequestDocument] = [:]

    init(
        _ order: LoadOrder, _ desk: LoadDesk, _ shelf: LoadShelf, _ words: LoadWords, begins: UTCInstant,
        sign: @escaping ([UInt8]) throws -> DetachedSignature
    ) {
        (self.order, self.desk, self.shelf, self.words) = (order, desk, shelf, words)
        (self.begins, self.sign) = (begins, sign)
    }

    /// Policies that are switched on, as the scenario has them.
    var open: [NodeManagementPolicy] {
        policies.sorted { $0.key < $1.key }.filter { $0.value.enabled == true }.map { name, policy in
            var own = policy
            own.constraints?.removeAll { $0 == order.constraint }
            return ManagementPolicyRule.stored(own, owner: order.org, now: "").model(PolicyID(org: order.org, name: name))
        }
    }

    /// - Parameter nodes: all of them, by their names in the scenario.
    func carryOut(_ deed: ScenarioStep.Deed, nodes: [String]) throws {
        switch deed {
        case .publish(let rollout): try publish(rollout)
        case .publishDocuments(let documents): try publish(documents.name, documents.policy, documents.manifest)
        case .disable(let name):
            guard var policy = policies[name] else { return }
            policy.enabled = false
            try put(name, policy)
        case .remove(let name):
            guard policies.removeValue(forKey: name) != nil else { return }
            try desk.remove(policy: order.prefix + name)
            words.removed(name)
        case .reset(let policy, let who):
            for node in nodes where who.contains(node) && words.last(of: node)[policy] != nil {
                try desk.reset(order.prefix + policy, of: order.prefix + node)
                words.reset(policy, of: node)
            }
        // Refused before the run.
        case .replace, .hold, .unhold, .unregister: break
        }
    }

    private func publish(_ rollout: Rollout) throws {
        let part = ManifestPartDocument(version: rollout.software, files: rollout.software.isEmpty ? [] : ["*"])
        try publish(
            rollout.policy,
            NodeManagementPolicyRequestDocument(
                constraints: rollout.constraints, enabled: true, start: rollout.start.map { begins.adding($0).rfc3339() } ?? "now",
                startWindow: rollout.window.components.seconds,
                agentUpgradePolicy: AgentUpgradePolicyDocument(manifest: "", allowDowngrade: rollout.allowsDowngrade)),
            ManifestDocument(softwareUpgrade: part))
    }

    private func publish(_ name: String, _ policy: NodeManagementPolicyRequestDocument, _ manifest: ManifestDocument) throws {
        let item = try shelf.manifest(LoadCalls.encoded(manifest), name, sign: sign)
        try desk.put(item)
        shelf.add(item)
        var own = policy
        own.label = order.prefix + name
        own.patterns = nil
        own.constraints = (policy.constraints ?? []) + [order.constraint]
        own.agentUpgradePolicy = AgentUpgradePolicyDocument(
            manifest: "\(order.org)/\(order.prefix)\(name)", allowDowngrade: policy.agentUpgradePolicy?.allowDowngrade ?? false)
        try put(name, own)
        words.published(name)
    }

    private func put(_ name: String, _ policy: NodeManagementPolicyRequestDocument) throws {
        try desk.publish(order.prefix + name, policy)
        policies[name] = policy
    }
}
