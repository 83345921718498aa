import Testing
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// The supervisor dies while its installer works: what the installer then cannot do says nothing about the package.
@Suite struct SupervisorGoneTests {
    @Test func `before the switch the job stays open for the next installer`() throws {
        let node = try SimNode.prepared(Fixture())
        node.boot()
        expectFailure(node)
        #expect(node.records == [.begun(oldRelease: 1, newRelease: 2, format: 1), .stopIntended])
        try node.run()
        #expect(try Outcome(node: node, about: "supervisor gone").check() == .committed)
    }

    @Test func `before the switch a supervisor that will not stop the agent ends the job`() throws {
        let node = try SimNode.prepared(Fixture())
        let failure = ServiceFailure(.refused, "the supervisor refused to `stop`: it does not know how")
        var installer = Installer(ticket: Fixture.ticket, ports: node.ports.served(by: NobodyThere(failure: failure)))
        try finish { try installer.step() }
        #expect(node.records.last == .refused(reason: failure.explanation))
        #expect(node.agent.image.process?.program.release == 1)
    }

    @Test(arguments: [Scenario.Sickness.none, .vanishes]) func `a trial neither counts nor decides anything`(sickness: Scenario.Sickness)
        throws
    {
        let node = try SimNode.prepared(Fixture(scenario: Scenario(components: Scenario.configuration, sickness: sickness)))
        try node.run(until: { $0.last == .ready })
        node.agent.kill()
        let records = node.records
        for _ in 0..<5 {
            expectFailure(node)
            #expect(node.records == records)
        }
        try node.run()
        #expect(try Outcome(node: node, about: "supervisor gone").check() == (sickness == .none ? .committed : .rolledBack))
    }

    @Test func `the way back says nothing about the old release`() throws {
        let node = try SimNode.prepared(Fixture(scenario: Scenario(sickness: .healthFails)))
        try node.run(until: { if case .rollbackIntended? = $0.last { true } else { false } })
        let records = node.records
        for _ in 0..<5 { expectFailure(node, stops: true) }
        #expect(node.records == records)
        try node.run()
        #expect(try Outcome(node: node, about: "supervisor gone").check() == .rolledBack)
    }

    /// An installer without a supervisor comes to nothing.
    private func expectFailure(_ node: SimNode, stops: Bool = false) {
        let failure = ServiceFailure(.unavailable, "cannot reach a supervisor")
        var installer = Installer(ticket: Fixture.ticket, ports: node.ports.served(by: NobodyThere(failure: failure, stops: stops)))
        #expect(throws: failure) {
            for _ in 0..<100 { _ = try installer.step() }
        }
    }
}

extension InstallPorts {
    /// The same with another supervisor.
    fileprivate func served(by service: any ServiceControl) -> InstallPorts {
        InstallPorts(
            tree: tree, archive: archive, trust: trust, databases: databases, service: service, contact: contact, prober: prober,
            commands: commands, clock: clock, settings: settings)
    }
}

private struct NobodyThere: ServiceControl {
    let failure: ServiceFailure
    /// It is gone only after the agent was stopped.
    var stops = false

    func stopAgent() throws(ServiceFailure) { if !stops { throw failure } }
    func startAgent() throws(ServiceFailure) { throw failure }
    func agent() throws(ServiceFailure) -> AgentProcess { throw failure }
    func handOver(_ job: Ticket) throws(ServiceFailure) { throw failure }
}
