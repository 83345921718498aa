import FleetSimulation
import UpgradeExchange
import UpgradeModel
import UpgradeWire

/// The scenario's machines as the hub knows them.
extension LoadOrder {
    /// What a group's nodes say and ask for, and of which run they are.
    func policy(of group: NodeGroup) -> NodePolicyDocument {
        let own = Property(name: LoadFleet.property, value: .string(mark))
        return NodePolicyDocument(
            properties: (group.properties + [own]).map { PropertyDocument($0) }, constraints: group.constraints)
    }

    /// Added to every policy.
    var constraint: String { "\(LoadFleet.property) == \(mark)" }

    private var mark: String { String(prefix.dropLast()) }

    /// Members of each high-availability group, under the run's names.
    var groups: [(String, [String])] {
        scenario.fleet.filter { $0.highAvailability > 1 }.flatMap { group in
            stride(from: 0, to: group.count, by: group.highAvailability).map { first in
                let members = (first..<min(first + group.highAvailability, group.count)).map { "\(prefix)\(group.name)-\($0 + 1)" }
                return ("\(prefix)\(group.name)-ha-\(first / group.highAvailability + 1)", members)
            }
        }
    }
}
