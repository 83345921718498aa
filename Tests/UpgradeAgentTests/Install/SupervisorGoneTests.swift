import Testing
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// The supervisor dies while its installer works: what the installer then cannot do says nothing about the package.
@Suite struct SupervisorGoneTests {
    @Test func `before the switch the job stays open for the next installer`() throws {
        let node = try SimNode.prepared(Fixture())
        node.boot()
        let known = node.ports
        let alone = InstallPorts(
            tree: known.tree, archive: known.archive, trust: known.trust, databases: known.databases, service: NobodyThere(),
            contact: known.contact, prober: known.prober, commands: known.commands, clock: known.clock, settings: known.settings)
        var installer = Installer(ticket: Fixture.ticket, ports: alone)
        #expect(throws: ServiceFailure.self) {
            for _ in 0..<100 { _ = try installer.step() }
        }
        #expect(node.records == [.begun(oldRelease: 1, newRelease: 2, format: 1), .stopIntended])
        try node.run()
        #expect(try Outcome(node: node, about: "supervisor gone").check() == .committed)
    }
}

private struct NobodyThere: ServiceControl {
    private let failure = ServiceFailure("cannot reach a supervisor")

    func stopAgent() throws(ServiceFailure) { throw failure }
    func startAgent() throws(ServiceFailure) { throw failure }
    func agent() throws(ServiceFailure) -> AgentProcess { throw failure }
    func handOver(_ job: Ticket) throws(ServiceFailure) { throw failure }
}
