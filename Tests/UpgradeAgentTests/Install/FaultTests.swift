import Testing
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// A disk that fills up. That every operation may fail once is a part of the crash matrix.
@Suite struct FaultTests {
    /// From switch-intended on no step needs free space: a disk that becomes full then changes nothing.
    @Test(arguments: [Scenario(components: Scenario.everything), Scenario(components: Scenario.everything, sickness: .healthFails)])
    func `a disk that fills up after switch-intended stops neither commit nor rollback`(scenario: Scenario) throws {
        let node = try SimNode.prepared(Fixture(scenario: scenario))
        try node.run { node in
            if node.records.contains(.switchIntended) { node.inner.setCapacity(0) }
        }
        #expect(try Outcome(node: node, about: "full disk").check() == (scenario.sickness == .none ? .committed : .rolledBack))
    }

    /// The one thing that the redone group needs space for is the copy of the database: without it the old release comes back.
    @Test func `a full disk after a power cut at switch-intended goes back`() throws {
        let start = try SimNode.prepared(Fixture()).image
        let node = try SimNode(Scenario(), start)
        var cut: NodeImage?
        let seen = Shared<NodeImage?>(nil)
        node.inner.setFault { mutation in
            // The flip of current is the first operation after switch-intended.
            mutation.path == Layout.current ? .other : nil
        }
        do {
            try node.run { node in
                if node.records.contains(.switchIntended) {
                    seen.change { $0 = node.image }
                    throw TooManySteps()
                }
            }
        } catch is TooManySteps { cut = seen.value?.afterPowerCut }
        let again = try SimNode(Scenario(), try #require(cut))
        #expect(try again.inner.release(at: Layout.current) == 1)
        again.inner.setCapacity(0)
        try again.run()
        #expect(try Outcome(node: again, about: "full disk at the redone group").check() == .rolledBack)
    }
}
