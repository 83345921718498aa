import UpgradeModel

/// The properties that a node advertises without being told, so that policies can ask for a machine of some kind.
///
/// Kept: they stand in the general part of the node's policy at the exchange, where the command line and other agents look for them.
/// Source: contract 4.4, "Built-in node properties".
package enum BuiltInPropertiesRule {
    /// The name that the hardware id has.
    package static let hardwareID = "openhorizon.hardwareId"
    /// The name of the one that a user may set.
    package static let allowPrivileged = "openhorizon.allowPrivileged"

    /// The policy with what the machine says of itself.
    ///
    /// Kept: what only the machine can know replaces what stands there; a hardware id and `allowPrivileged` that stand there stay, the
    /// latter unless it is no boolean.
    ///
    /// - Parameter freshHardwareID: taken when neither the policy nor the machine has one.
    package static func adding(_ machine: MachineProperties, to policy: NodePolicy, freshHardwareID: String) -> NodePolicy {
        var full = policy
        for property in readOnly(machine) { set(property, in: &full.top.properties) }
        if text(hardwareID, in: policy) == nil {
            let id = machine.serial.isEmpty ? freshHardwareID : machine.serial
            set(Property(name: hardwareID, value: .string(id)), in: &full.top.properties)
        }
        let isAllowed = privileged(policy)
        set(Property(name: allowPrivileged, value: .bool(isAllowed)), in: &full.top.properties)
        return full
    }

    private static func readOnly(_ machine: MachineProperties) -> [Property] {
        [
            Property(name: "openhorizon.arch", value: .string(machine.architecture)),
            Property(name: "openhorizon.containerized", value: .bool(machine.isContainerized)),
            Property(name: "openhorizon.cpu", value: .number(Double(machine.processors))),
            Property(name: "openhorizon.memory", value: .number(Double(machine.memoryMiB))),
            Property(name: "openhorizon.operatingSystem", value: .string(machine.operatingSystem)),
        ]
    }

    private static func privileged(_ policy: NodePolicy) -> Bool {
        switch policy.top.properties.first(where: { $0.name == allowPrivileged })?.value {
        case .bool(let value): value
        case .string("true"): true
        case .string, .number, .other, nil: false
        }
    }

    private static func text(_ name: String, in policy: NodePolicy) -> String? {
        guard case .string(let text) = policy.top.properties.first(where: { $0.name == name })?.value, !text.isEmpty else { return nil }
        return text
    }

    /// One that says the same already keeps its declared type and its place.
    private static func set(_ property: Property, in properties: inout [Property]) {
        guard let index = properties.firstIndex(where: { $0.name == property.name }) else { return properties.append(property) }
        if properties[index].value != property.value { properties[index] = property }
    }
}
