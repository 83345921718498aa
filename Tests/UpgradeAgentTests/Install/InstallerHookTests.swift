import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// Hooks around the steps of an installation: those before a step can stop it, no hook can break what an interruption leaves.
@Suite struct InstallerHookTests {
    private static let well = SimCommands.Outcome.exits(0, after: .milliseconds(300))

    private func node(
        _ components: Set<Component> = Scenario.configuration, _ sickness: Scenario.Sickness = .none,
        hook: @escaping @Sendable (HookEvent) -> SimCommands.Outcome = { _ in well }
    ) throws -> SimNode {
        try SimNode.prepared(Fixture(scenario: Scenario(components: components, sickness: sickness, hook: hook)))
    }

    private func events(_ node: SimNode) -> [String] { node.commands.begun.compactMap { $0.environment["UPLIFT_HOOK"] } }

    private func end(_ node: SimNode) throws -> JournalRecord.Step {
        try node.run()
        return try Outcome(node: node, about: "hooks").check()
    }

    @Test func `each moment comes once, in its order`() throws {
        let good = try node()
        #expect(try end(good) == .committed)
        #expect(events(good) == ["before-install", "after-install", "before-commit", "after-commit"])
        let bad = try node(Scenario.software, .healthFails)
        #expect(try end(bad) == .rolledBack)
        #expect(events(bad) == ["before-install", "after-install", "before-rollback", "after-rollback"])
        let lines = HookLog.lines(Fixture.ticket, in: bad.inner)
        #expect(lines.count == 4 && lines.allSatisfy { $0.hasSuffix("ended well") })
    }

    @Test func `a failing hook before the switch ends the job untouched`() throws {
        let node = try node { $0 == .beforeInstall ? .exits(3, after: .zero) : Self.well }
        guard case .refused(let reason) = try end(node) else {
            Issue.record("found \(node.records)")
            return
        }
        #expect(reason.hasPrefix("the before-install hook /etc/uplift/hooks.d/before-install/a failed: exit 3"))
        #expect(!node.records.contains(.switchIntended))
        #expect(try node.inner.list(Layout.releases) == ["1"])
    }

    @Test func `a failing hook before the commit rolls back with its words`() throws {
        for outcome in [SimCommands.Outcome.exits(1, after: .zero), .dies(9), .missing, .hangs, .exits(21, after: .zero)] {
            let node = try node { $0 == .beforeCommit ? outcome : Self.well }
            #expect(try end(node) == .rolledBack, "\(outcome)")
            #expect(node.reading?.firstCause.hasPrefix("the before-commit hook") == true, "\(outcome)")
        }
    }

    @Test func `hooks after a step change nothing`() throws {
        for outcome in [SimCommands.Outcome.exits(1, after: .zero), .dies(9), .missing, .hangs] {
            let good = try node { [.afterInstall, .afterCommit].contains($0) ? outcome : Self.well }
            #expect(try end(good) == .committed, "\(outcome)")
            let bad = try node(Scenario.configuration, .exitsAtOnce) { _ in outcome }
            let last = try end(bad)
            // Nothing was switched when the hook before the switch failed too.
            #expect("\(last)".contains("refused"), "\(outcome)")
            let back = try node(Scenario.configuration, .exitsAtOnce) { $0 == .beforeInstall ? Self.well : outcome }
            #expect(try end(back) == .rolledBack, "\(outcome)")
            #expect(HookLog.lines(Fixture.ticket, in: back.inner).contains { $0.contains("before-rollback") && !$0.hasSuffix("well") })
        }
    }

    /// Stopped before every file operation, as the installer alone or with the whole machine: the journal decides, hooks or not.
    @Test(arguments: [Scenario.Sickness.none, .hubFails]) func `no hook is in the way of a recovery`(sickness: Scenario.Sickness) throws {
        let scenario = Scenario(components: Scenario.configuration, sickness: sickness, hook: { _ in Self.well })
        let start = try SimNode.prepared(Fixture(scenario: scenario)).image
        let first = try SimNode(scenario, start)
        var moments = [start]
        try first.run { moments.append($0.image) }
        var seen = 0
        for (index, moment) in moments.enumerated() where index % 2 == 0 {
            for image in [moment, moment.afterPowerCut] {
                let node = try SimNode(scenario, image)
                try node.run()
                let last = try Outcome(node: node, about: "\(sickness), stopped after step \(index)").check()
                #expect(last == (sickness == .none ? .committed : .rolledBack))
                seen += 1
            }
        }
        #expect(seen > 40)
    }
}
