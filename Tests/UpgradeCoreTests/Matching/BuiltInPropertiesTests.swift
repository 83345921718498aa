import Testing
import UpgradeCore
import UpgradeModel

@Suite struct BuiltInPropertiesTests {
    private let machine = MachineProperties(
        architecture: "arm64", operatingSystem: "raspbian", processors: 4, memoryMiB: 3906, serial: "e0f1")

    private func property(_ name: String, _ policy: NodePolicy) -> PropertyValue? {
        policy.top.properties.first { $0.name == name }?.value
    }

    @Test func aNodeWithoutPolicyGetsAllOfThem() {
        let policy = BuiltInPropertiesRule.adding(machine, to: NodePolicy(), freshHardwareID: "fresh")
        #expect(property("openhorizon.arch", policy) == .string("arm64"))
        #expect(property("openhorizon.containerized", policy) == .bool(false))
        #expect(property("openhorizon.cpu", policy) == .number(4))
        #expect(property("openhorizon.memory", policy) == .number(3906))
        #expect(property("openhorizon.operatingSystem", policy) == .string("raspbian"))
        #expect(property("openhorizon.hardwareId", policy) == .string("e0f1"))
        #expect(property("openhorizon.allowPrivileged", policy) == .bool(false))
        #expect(policy.top.properties.count == 7)
    }

    @Test func whatTheMachineKnowsReplacesWhatIsClaimed() {
        let claimed = NodePolicy(
            top: .init(properties: [
                Property(name: "openhorizon.cpu", value: .number(64), type: "int"),
                Property(name: "openhorizon.memory", value: .number(3906), type: "int"),
                Property(name: "mine", value: .string("x")),
            ]))
        let policy = BuiltInPropertiesRule.adding(machine, to: claimed, freshHardwareID: "fresh")
        #expect(property("openhorizon.cpu", policy) == .number(4))
        #expect(policy.top.properties[1] == Property(name: "openhorizon.memory", value: .number(3906), type: "int"))
        #expect(property("mine", policy) == .string("x"))
    }

    @Test func whatAUserMaySetStays() {
        let given = NodePolicy(
            top: .init(properties: [
                Property(name: "openhorizon.hardwareId", value: .string("mine")),
                Property(name: "openhorizon.allowPrivileged", value: .string("true")),
            ]))
        let policy = BuiltInPropertiesRule.adding(machine, to: given, freshHardwareID: "fresh")
        #expect(property("openhorizon.hardwareId", policy) == .string("mine"))
        #expect(property("openhorizon.allowPrivileged", policy) == .bool(true))
    }

    @Test func addingAgainChangesNothing() {
        var anonymous = machine
        anonymous.serial = ""
        let once = BuiltInPropertiesRule.adding(anonymous, to: NodePolicy(), freshHardwareID: "one")
        #expect(property("openhorizon.hardwareId", once) == .string("one"))
        #expect(BuiltInPropertiesRule.adding(anonymous, to: once, freshHardwareID: "two") == once)
    }
}
