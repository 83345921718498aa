import Testing
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// Every changing file operation of an installation fails, each once in its own run.
@Suite struct FaultTests {
    static let scenarios: [Scenario] = [
        Scenario(components: Scenario.software), Scenario(components: Scenario.configuration), Scenario(components: Scenario.everything),
        Scenario(components: Scenario.everything, sickness: .healthFails),
        Scenario(components: Scenario.configuration, sickness: .exitsAtOnce, comeback: .exits(times: 4)),
    ]

    private static func isAgents(_ mutation: SimFileTree.Mutation) -> Bool {
        mutation.operation == "write" && mutation.path.name == "agent.db"
    }

    @Test(arguments: scenarios, [FileError.Kind.noSpace, .other])
    func `one failed operation never breaks a node`(scenario: Scenario, kind: FileError.Kind) throws {
        let start = try SimNode.prepared(Fixture(scenario: scenario)).image
        var (refused, went, givenBack) = (0, 0, 0)
        for number in 1..<2000 {
            let node = try SimNode(scenario, start)
            let hit = Shared<String?>(nil)
            let count = Shared(0)
            node.inner.setFault { mutation in
                guard !FaultTests.isAgents(mutation) else { return nil }
                count.change { $0 += 1 }
                guard count.value == number else { return nil }
                hit.change { $0 = "\(mutation.operation) \(mutation.path)" }
                return kind
            }
            var wasBeyond = false
            try node.run { if hit.value == nil { wasBeyond = $0.records.contains(.switchIntended) } }
            guard let what = hit.value else { break }
            let about: Comment = "\(scenario), \(kind) at operation \(number): \(what)"
            guard node.reading?.records.isEmpty == false else {
                givenBack += 1
                #expect(node.agent.image.givenBack.isEmpty == false, about)
                #expect(node.agent.image.process?.program.release == 1, about)
                continue
            }
            let last = try Outcome(node: node, about: about).check()
            if case .refused = last {
                refused += 1
            } else {
                went += 1
                #expect(last == (scenario.sickness == .none ? .committed : .rolledBack), about)
            }
            if case .refused = last { #expect(!wasBeyond, about) }
        }
        print("\(scenario), \(kind): \(givenBack) given back, \(refused) refused, \(went) went on")
        #expect(givenBack > 3)
        #expect(refused > 10)
        #expect(went > 5)
    }

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
