import Testing
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// One installation from start to end, without interruptions.
@Suite struct InstallerTests {
    private func run(_ scenario: Scenario) throws -> SimNode {
        let node = try SimNode.prepared(Fixture(scenario: scenario))
        try node.run()
        return node
    }

    @Test(arguments: [Scenario.software, Scenario.configuration, [.certificate], Scenario.everything])
    func `a good package is committed`(components: Set<Component>) throws {
        let node = try run(Scenario(components: components))
        #expect(try Outcome(node: node, about: "good").check() == .committed)
        #expect(
            node.records == [
                .begun(oldRelease: 1, newRelease: 2, format: 1), .stopIntended, .switchIntended, .switched, .startIntended(attempt: 1),
                .ready,
                .commitIntended, .committed,
            ])
        #expect(node.agent.image.starts == [1: 1, 2: 1])
        let links = try node.inner.list(.root).filter { $0.hasPrefix("current") || $0.hasPrefix("recover") }
        #expect(links == ["current", "recover"])
        let health = try #require(node.commands.begun.first)
        #expect(health.executable == "/node/releases/2/software/bin/health")
        #expect(health.arguments == ["--now"])
    }

    @Test(arguments: Scenario.Sickness.allCases.filter { $0 != .none }, [Scenario.software, Scenario.configuration, Scenario.everything])
    func `a sick package is rolled back`(sickness: Scenario.Sickness, components: Set<Component>) throws {
        let node = try run(Scenario(components: components, sickness: sickness))
        #expect(try Outcome(node: node, about: "\(sickness)").check() == .rolledBack)
        #expect(node.reading?.firstCause.isEmpty == false)
        #expect(try node.inner.entry(Layout.release(2)) == nil)
        #expect(try node.inner.list(.root).contains { $0.hasSuffix(".new") || $0.hasSuffix(".back") } == false)
    }

    @Test func `the cause names what was found`() throws {
        let causes: [(Scenario.Sickness, String)] = [
            (.exitsAtOnce, "3 starts"), (.hangs, "within 20 s"), (.wrongVersion, "9.9.9"), (.otherBoot, "another boot"),
            (.forgetsTrial, "on trial"), (.databaseDamaged, "damaged"), (.diesLater, "exit 3"),
            (.healthFails, "bin/health --now failed: exit 7"),
            (.cannotStart, "3 starts: cannot start the program of release 2"), (.vanishes, "did not start 3 times: cannot start"),
            (.healthHangs, "did not end"), (.healthDies, "signal 11"), (.healthMissing, "no such file"), (.hubFails, "no connection"),
            (.tcpFails, "local API over TCP worked before the upgrade (it answered) and does not now: nobody listens"),
        ]
        for (sickness, words) in causes {
            let cause = try run(Scenario(sickness: sickness)).reading?.firstCause ?? ""
            #expect(cause.contains(words), "\(sickness): \(cause)")
        }
    }

    @Test func `three starts without readiness are enough`() throws {
        let node = try run(Scenario(sickness: .exitsAtOnce))
        #expect(node.agent.image.starts[2] == 3)
    }

    /// What the system lacks at one moment is no verdict about a package.
    @Test(arguments: [1, 2]) func `a start that is refused is tried again after a pause`(refusals: Int) throws {
        let node = try run(Scenario(refusals: refusals))
        #expect(try Outcome(node: node, about: "\(refusals) refusals").check() == .committed)
        let starts = node.reading?.records.filter { if case .startIntended = $0.step { true } else { false } }.map(\.at) ?? []
        #expect(starts.count == refusals + 1)
        for (one, next) in zip(starts, starts.dropFirst()) { #expect(next.duration(since: one) >= .seconds(5)) }
    }

    @Test(arguments: [
        Scenario.Comeback.exits(times: 1), .hangs(times: 1), .cannotStart(times: 2), .exits(times: 5), .hangs(times: 4),
        .cannotStart(times: 20),
    ])
    func `the old release is tried on and on`(comeback: Scenario.Comeback) throws {
        let node = try run(Scenario(sickness: .healthFails, comeback: comeback))
        #expect(try Outcome(node: node, about: "comeback").check() == .rolledBack)
        let failed = node.records.filter { if case .rollbackFailed = $0 { true } else { false } }
        let times =
            switch comeback {
            case .exits(let times), .hangs(let times), .cannotStart(let times): times
            case .atOnce: 0
            }
        #expect(failed.count == (times >= 3 ? 1 : 0))
        #expect(node.reading?.firstCause.contains("exit 7") == true)
    }
}
