import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// Installations of strategy `script` on a simulated node, without interruptions; those are the crash matrix's.
@Suite("script: an installation")
struct ScriptInstallTests {
    private let old = "installed 1.0.0, old database, runs"

    private func run(
        _ scenario: Scenario = Scenario(strategy: .script), _ prepare: (SimFileTree) throws -> Void = { _ in }
    ) throws -> SimNode {
        let fixture = Fixture(scenario: scenario)
        let image = try fixture.image()
        let tree = SimFileTree(image.disk)
        try prepare(tree)
        var changed = image
        changed.disk = tree.disk.settled
        let node = try SimNode(scenario, changed)
        node.boot()
        try node.run()
        return node
    }

    private func calls(_ node: SimNode) -> [String] {
        node.commands.begun.map { command in
            let program = command.executable.split(separator: "/").last ?? ""
            return "\(program) \(command.arguments.first { !$0.hasPrefix("--force") && !$0.hasPrefix("--root") } ?? "")"
        }
    }

    @Test("The old release again, beside the new version of the other agent")
    func good() throws {
        let node = try run()
        #expect(node.records.last == .committed)
        #expect(node.horizon.image == "installed 1.1.0, new database, runs")
        #expect(try node.inner.release(at: Layout.current) == 2)
        #expect(Listing(node.inner, Layout.software(2)) == Listing(node.inner, Layout.software(1)))
        #expect(ReleaseDocument.read(2, in: node.inner)?.software.version == "1.0.0")
        #expect(
            calls(node) == [
                "dpkg --configure", "systemctl stop", "dpkg --configure", "bash agent-install.sh", "dpkg-query --show", "health --now",
            ])
        #expect(node.wrong == [])
    }

    @Test("Not healthy: packages and files come back while the service stands still")
    func bad() throws {
        let node = try run(Scenario(strategy: .script, sickness: .healthFails))
        #expect(node.records.last == .rolledBack)
        #expect(node.horizon.image == old)
        #expect(calls(node).suffix(4) == ["systemctl stop", "dpkg --install", "systemctl stop", "systemctl start"])
    }

    @Test("An exchange that is away for long does not roll back; its return commits")
    func exchangeAway() throws {
        var scenario = Scenario(strategy: .script)
        scenario.hub = { $0 < .milliseconds(1500) || $0 > .seconds(200) }
        let node = try run(scenario)
        #expect(node.records.last == .committed)
        #expect(node.horizon.image == "installed 1.1.0, new database, runs")
        #expect(node.clock.now().duration(since: Fixture.start) > .seconds(200))
    }

    @Test("Without the exchange the script is not begun, and the other agent stays as it is")
    func exchangeAwayBefore() throws {
        var scenario = Scenario(strategy: .script)
        scenario.hub = { _ in false }
        let node = try run(scenario)
        guard case .refused(let reason)? = node.records.last else { throw ScratchError() }
        #expect(reason.contains("needs the exchange"))
        #expect(calls(node) == [] && node.horizon.image == old)
    }

    @Test("A machine that goes down in every installation comes back in the end")
    func endless() throws {
        let scenario = Scenario(strategy: .script)
        var image = try Fixture(scenario: scenario).image()
        var attempts = 0
        while attempts < 20 {
            let node = try SimNode(scenario, image)
            if attempts == 0 { node.boot() }
            var installer = Installer(ticket: Fixture.ticket, ports: node.ports)
            var isOver = false
            for _ in 0..<4000 where !isOver && !node.commands.begun.contains(where: { $0.executable == "/bin/bash" }) {
                if case .sleep(let time) = try installer.step() { node.clock.advance(by: time) }
                isOver = node.reading?.isFinal == true
            }
            if isOver { break }
            attempts += 1
            image = node.image.afterPowerCut
        }
        #expect(attempts == 6)
        #expect(try SimFileTree(image.disk).release(at: Layout.current) == 2)
        let node = try SimNode(scenario, image)
        try node.run()
        #expect(node.records.last == .rolledBack && node.horizon.image == old)
    }

    @Test("A file that cannot be saved ends the job before anything is changed; the agent runs again")
    func noBackup() throws {
        let node = try run { try $0.remove(SimHorizon.database) }
        guard case .refused(let reason)? = node.records.last else { throw ScratchError() }
        #expect(reason.hasPrefix("no way back: "))
        #expect(node.horizon.image == "installed 1.0.0, nothing, runs")
        #expect(calls(node).last == "systemctl start")
        #expect(try node.inner.release(at: Layout.current) == 1)
    }

    @Test("A cron job that came after the hand-over is refused by the installer, too")
    func cron() throws {
        let node = try run { try $0.put(.known("etc", "cron.d", "h"), "* * * * * root /x/agent-auto-upgrade.sh\n") }
        guard case .refused(let reason)? = node.records.last else { throw ScratchError() }
        #expect(reason.contains("two installers would meet"))
        #expect(calls(node) == [])
    }

    @Test("A list that names no other agent, or none at all")
    func noList() throws {
        for list in [BackList().text, ""] {
            let node = try run { try $0.replace(Layout.back(Fixture.ticket).appending("back.list"), with: Array(list.utf8)) }
            guard case .refused(let reason)? = node.records.last else { throw ScratchError() }
            #expect(reason.hasPrefix("no way back: "))
        }
    }

    @Test("A list that is lost behind the switch: neither success nor a way back is told that nobody saw")
    func lostList() throws {
        for moment in [JournalRecord.Step.switchIntended, .switched] {
            let node = try SimNode(Scenario(strategy: .script), try Fixture(scenario: Scenario(strategy: .script)).image())
            node.boot()
            try node.run(until: { $0.contains(moment) })
            let list = Layout.back(Fixture.ticket).appending("back.list")
            try node.inner.remove(list)
            try node.run(until: { $0.contains { if case .rollbackFailed = $0 { true } else { false } } })
            try node.inner.put(list, "end 0\n")
            try node.run()
            #expect(node.records.last == .rolledBack)
            #expect(try node.inner.release(at: Layout.current) == 1)
        }
    }

    @Test("The setting went away meanwhile")
    func unmanaged() throws {
        var list = BackList()
        list.horizon = SimHorizon.job
        let node = try run(Scenario(components: [.configuration])) { [list] in
            try $0.makeFolders(Layout.back(Fixture.ticket))
            try list.write(Fixture.ticket, in: $0)
        }
        guard case .refused(let reason)? = node.records.last else { throw ScratchError() }
        #expect(reason.contains("managed-agent names none any more"))
    }

    @Test("What belongs to a newer database does not stay beside the old one")
    func companions() throws {
        let log = SimHorizon.database.parent.appending("anax.db-wal")
        let tree = SimFileTree()
        try tree.put(HorizonFiles.defaults, "")
        try tree.put(SimHorizon.database, "new")
        try tree.put(log, "newer log")
        try tree.put(.known("saved", "default"), "")
        try tree.put(.known("saved", "anax.db"), "old")
        let clock = SimClock()
        var run = PackageRun(
            try HorizonFiles.putBack(.known("saved"), in: tree, to: tree), commands: SimCommands(clock: clock))
        for _ in 0..<100 { if case .done(let trouble) = run.step() { #expect(trouble == nil); break } }
        #expect(try tree.text(SimHorizon.database) == "old")
        #expect(try tree.entry(log) == nil)
        #expect(try HorizonFiles.putBack(.known("none"), in: tree, to: tree).isEmpty)
    }
}
