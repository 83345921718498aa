import UpgradeCore
import UpgradeModel

/// Whether a management policy is for a machine, by the rule that agents have for it.
package enum Concern {
    /// - Parameters:
    ///   - row: what the hub says of the machine.
    ///   - machine: what the machine will say of itself, if it has not yet.
    package static func holds(_ policy: NodeManagementPolicy, _ row: NodePolicy, _ machine: MachineProperties) -> Bool {
        guard policy.enabled else { return false }
        // Most policies are for everybody, and fleets are large.
        let isForAll = policy.constraints.isEmpty && policy.patterns.isEmpty
        if isForAll, row.top.constraints.isEmpty, row.management.constraints.isEmpty { return true }
        let node = EffectivePolicyRule.effective(BuiltInPropertiesRule.adding(machine, to: row, freshHardwareID: ""))
        return MatchRule.verdict(policy: policy, node: node, nodePattern: "") == .matches
    }
}

extension NodeGroup {
    /// What the hub says of its machines before they have said anything themselves.
    package var row: NodePolicy { NodePolicy(top: NodePolicy.Part(properties: properties, constraints: constraints)) }
}

/// What was counted, held against its bounds: in the same words for a simulation, for true programs and for a true hub.
package enum Measure {
    /// What is missed; nil when nothing is. Of nobody nothing can be shown.
    package static func outside(_ count: Int, of all: Int, _ least: Double, _ most: Double, _ what: String) -> String? {
        let share = all == 0 ? 0 : Double(count) / Double(all)
        guard all == 0 || share < least || share > most else { return nil }
        let bounds = least == most ? Unit.share(least) : "\(Unit.share(least)) to \(Unit.share(most))"
        return "\(count) of \(all) \(what), expected \(bounds)" + (all == 0 ? ", and nobody is concerned" : "")
    }

    /// What is missed; nil when nothing is.
    package static func over(_ found: Int, _ most: Int, _ what: String) -> String? {
        found > most ? "\(found) \(what), expected at most \(most)" : nil
    }
}
