import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// What procedures are told of the job that they work for.
@Suite struct ProceduresTests {
    /// A registered node of a group whose job is about to ask, and has sent its words.
    private func asking() throws -> (MindSite, RunID) {
        let site = try MindSite()
        site.exchange.change {
            $0.node = NodeRecord(pattern: "", pollMin: 0, pollMax: 0, softwareVersions: [:], group: "g")
        }
        try site.registrar.begin(org: "acme", node: "n1", token: "secret", pattern: "")
        try site.registrar.complete()
        try site.engine.match()
        try site.engine.engine.handle(EngineSite.one, .chosen)
        try site.engine.engine.handle(EngineSite.one, .planned(try site.engine.run(), EngineSite.plan))
        try site.engine.engine.handle(EngineSite.one, .fetched(try site.engine.run()))
        try site.engine.engine.handle(EngineSite.one, .unpacked(try site.engine.run()))
        try send(site)
        return (site, try site.engine.run())
    }

    private func send(_ site: MindSite) throws {
        _ = try Outbox(client: site.exchange, engine: site.engine.engine, clock: site.clock).drain()
    }

    /// One step of the question, begun now.
    private func ask(_ site: MindSite, _ run: RunID, meanwhile: () throws -> Void = {}) throws {
        site.worker.begin(try site.procedures.askTurn(run, EngineSite.one, site.engine.engine))
        try meanwhile()
        _ = site.worker.step()
    }

    private func isAsked(_ site: MindSite) -> Bool { site.exchange.content.calls.contains(.turn(group: "g", EngineSite.one)) }

    @Test func `the turn is asked for by the attempt that goes on`() throws {
        let (site, run) = try asking()
        try ask(site, run)
        #expect(isAsked(site))
        #expect(site.answers.value == [.turnGranted(run, group: "g")])
    }

    @Test func `an attempt that is over takes no turn from its group`() throws {
        let (site, run) = try asking()
        try ask(site, run) {
            _ = try site.engine.engine.reset([EngineSite.one])
            try send(site)
        }
        #expect(!isAsked(site))
    }

    @Test func `words that are owed go before the question`() throws {
        let (site, run) = try asking()
        try ask(site, run) { try site.engine.engine.hold(Hold(by: "root", since: site.clock.now(), reason: "")) }
        #expect(!isAsked(site))
    }
}
