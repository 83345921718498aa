import Testing
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// The installer is stopped after every single step, and its recovery after every single step again: whatever happens, the node ends with a
/// whole release, old or new, and a last record that says which.
@Suite struct InterruptionTests {
    enum Interruption: CaseIterable, Sendable {
        /// The installer alone dies; the agent lives on.
        case installerDies
        /// Everything dies, and the machine starts anew.
        case powerCut

        func after(_ image: NodeImage) -> NodeImage {
            switch self {
            case .installerDies: image
            case .powerCut: image.afterPowerCut
            }
        }
    }

    /// Every different moment of a run: the state after each step that changed something.
    private func moments(_ scenario: Scenario, _ start: NodeImage, _ about: Comment) throws -> [NodeImage] {
        let node = try SimNode(scenario, start)
        var moments = [start]
        var seen = (mutations: -1, agent: start.agent, commands: 0)
        try node.run { node in
            let now = (mutations: node.inner.mutations, agent: node.agent.image, commands: node.commands.begun.count)
            if now != seen { moments.append(node.image) }
            seen = now
        }
        try judge(node, scenario, about)
        return moments
    }

    /// The same, as seen before each single file operation.
    private func fineMoments(_ scenario: Scenario, _ start: NodeImage) throws -> [(operation: String, image: NodeImage)] {
        let node = try SimNode(scenario, start)
        let moments = Shared<[(operation: String, image: NodeImage)]>([])
        node.tree.watch { [unowned node] _, operation in
            let moment = (operation: "\(operation)", image: node.image)
            moments.change { $0.append(moment) }
            return nil
        }
        try node.run()
        node.tree.watch(nil)
        return moments.value
    }

    private func judge(_ node: SimNode, _ scenario: Scenario, _ about: Comment) throws {
        let last = try Outcome(node: node, about: about).check()
        #expect(last == (scenario.sickness == .none ? .committed : .rolledBack), about)
    }

    static let all: [Scenario] = [
        Scenario(components: Scenario.software), Scenario(components: Scenario.configuration), Scenario(components: Scenario.everything),
        Scenario(components: Scenario.software, sickness: .healthFails), Scenario(components: Scenario.configuration, sickness: .hubFails),
        Scenario(components: Scenario.everything, sickness: .exitsAtOnce), Scenario(components: Scenario.software, sickness: .hangs),
        Scenario(components: Scenario.everything, sickness: .healthMissing, comeback: .exits(times: 4)),
        Scenario(components: Scenario.configuration, sickness: .wrongVersion, comeback: .hangs(times: 2)),
        Scenario(components: Scenario.configuration, sickness: .cannotStart, comeback: .cannotStart(times: 4)),
        Scenario(components: Scenario.configuration, sickness: .vanishes, comeback: .cannotStart(times: 2)),
    ]

    @Test(arguments: all)
    func `every file operation can be the last one`(scenario: Scenario) throws {
        let start = try SimNode.prepared(Fixture(scenario: scenario)).image
        let moments = try fineMoments(scenario, start)
        for (index, moment) in moments.enumerated() {
            for interruption in Interruption.allCases {
                let node = try SimNode(scenario, interruption.after(moment.image))
                try node.run()
                try judge(node, scenario, "\(scenario), \(interruption) before operation \(index): \(moment.operation)")
            }
        }
        print("\(scenario): interrupted before each of \(moments.count) operations, \(2 * moments.count) runs")
        #expect(moments.count > 50)
    }

    /// The database to copy is missed when all else is built: what is then taken away must not become the reason.
    @Test func `an interrupted refusal keeps its reason`() throws {
        var fixture = Fixture()
        fixture.tamper = { try $0.remove(Layout.database(1)) }
        let moments = try fineMoments(Scenario(), try SimNode.prepared(fixture).image)
        for moment in moments {
            let node = try SimNode(Scenario(), moment.image.afterPowerCut)
            try node.run()
            let last = try Outcome(node: node, about: "before \(moment.operation)").check()
            #expect("\(last)".contains("refused") && "\(last)".contains("agent.db"), "before \(moment.operation): \(last)")
            #expect(try node.inner.list(Layout.releases) == ["1"], "before \(moment.operation)")
        }
        #expect(moments.count > 30)
    }

    static let twice: [Scenario] = [all[1], all[2], all[3], all[5]]

    @Test(arguments: twice)
    func `every step can be the last one, twice`(scenario: Scenario) throws {
        let start = try SimNode.prepared(Fixture(scenario: scenario)).image
        var cases = 0
        let first = try moments(scenario, start, "\(scenario), uninterrupted")
        for (index, moment) in first.enumerated() {
            for interruption in Interruption.allCases {
                let second = try moments(scenario, interruption.after(moment), "\(scenario), \(interruption) after step \(index)")
                cases += 1
                for (again, image) in second.enumerated() {
                    let node = try SimNode(scenario, Interruption.powerCut.after(image))
                    try node.run()
                    try judge(node, scenario, "\(scenario), \(interruption) after step \(index), then a power cut after step \(again)")
                    cases += 1
                }
            }
        }
        print("\(scenario): \(first.count) moments, \(cases) interrupted runs")
        #expect(first.count > 10)
    }

    /// A sick release that takes the machine down with it must not be tried for ever.
    @Test func `starts are counted over reboots`() throws {
        var image = try SimNode.prepared(Fixture()).image
        var boots = 0
        while boots < 10 {
            let node = try SimNode(Scenario(sickness: .hangs), image)
            var crashed: NodeImage?
            do {
                try node.run {
                    if $0.agent.image.process?.program.release == 2 {
                        crashed = $0.image.afterPowerCut
                        throw TooManySteps()
                    }
                }
            } catch is TooManySteps {}
            guard let next = crashed else {
                #expect(try Outcome(node: node, about: "reboots").check() == .rolledBack)
                break
            }
            image = next
            boots += 1
        }
        #expect(boots == 3)
    }

    /// A release that was ready once may be rebooted as often as it likes.
    @Test func `reboots of a ready trial are no failed starts`() throws {
        var scenario = Scenario(components: Scenario.configuration)
        scenario.hub = { $0 > .seconds(600) }
        var image = try SimNode.prepared(Fixture(scenario: scenario)).image
        for _ in 0..<8 {
            let node = try SimNode(scenario, image)
            var crashed: NodeImage?
            do {
                try node.run {
                    if $0.records.contains(.ready), $0.commands.begun.count == 1 {
                        crashed = $0.image.afterPowerCut
                        throw TooManySteps()
                    }
                }
            } catch is TooManySteps {}
            image = try #require(crashed)
        }
        let node = try SimNode(scenario, image)
        try node.run(limit: 20_000)
        #expect(try Outcome(node: node, about: "reboots of a ready trial").check() == .committed)
        #expect(node.records.filter { if case .startIntended = $0 { true } else { false } }.count == 1)
    }
}
