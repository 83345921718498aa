import Foundation
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeSimulation
import UpgradeWire

@testable import UpgradeAgent

/// What the node tells of itself, to a hub that asks.
@Suite struct SelfReportingTests {
    /// - Parameter code: the answer to the first report.
    private func site(asks wanted: Set<SelfReportPart>, refusing code: Int? = nil) throws -> MindSite {
        let left = Shared(code)
        let site = try MindSite(refuse: { call in
            guard call == .selfReport, let code = left.value else { return nil }
            left.change { $0 = nil }
            return SimExchange.status(code)
        })
        site.exchange.change { $0.wanted = wanted }
        return site
    }

    private func told(_ site: MindSite) throws -> [SelfReportDocument] {
        try site.exchange.content.selfReports.map { try JSONDecoder().decode(SelfReportDocument.self, from: Data($0)) }
    }

    private func write(_ site: MindSite, _ ids: ClosedRange<Int>) throws {
        try site.engine.engine.record(ids.map { .operation(Operation(id: "r\($0)", .report, begun: site.clock.now(), .completed)) })
    }

    @Test func `a hub that does not ask is told nothing`() throws {
        let site = try site(asks: [])
        try write(site, 1...3)
        site.askHub(times: 3)
        #expect(!site.exchange.content.calls.contains(.selfReport))
        #expect(site.engine.engine.value(.lastOperationTold) == nil)
    }

    @Test func `each writing is told once, in order, and quiet polls tell nothing`() throws {
        let site = try site(asks: [.opstatus])
        try write(site, 1...250)
        site.askHub(times: 8)
        let batches: [[String]] = try told(site).map { $0.opstatus.map(\.id) }
        #expect(batches.map(\.count) == [100, 100, 51])
        let ids: [String] = Array(batches.joined().prefix(250))
        #expect(ids == (1...250).map { "r\($0)" })
        #expect(batches.last?.last?.hasPrefix("poll-") == true)
    }

    @Test(arguments: [503, 400])
    func `what does not arrive is told again, what is refused for good is not`(code: Int) throws {
        let site = try site(asks: [.opstatus], refusing: code)
        try write(site, 1...2)
        site.askHub(times: 3)
        let ids: [String] = try told(site).flatMap { $0.opstatus.map(\.id) }
        #expect(ids.filter { $0 == "r1" }.count == (code == 503 ? 1 : 0), "\(ids)")
        #expect(ids.last?.hasPrefix("poll-") == true && site.hub.contact.trouble == nil)
    }

    @Test func `health is told whenever it is asked for`() throws {
        let site = try site(asks: [.health])
        try write(site, 1...2)
        site.askHub(times: 2)
        let reports = try told(site)
        #expect(reports.count == 2 && reports.allSatisfy(\.opstatus.isEmpty))
        #expect(reports.last?.health?.versions == ["software": "1.0.0"] && reports.last?.health?.outbox == 0)
    }
}
