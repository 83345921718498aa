import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// A policy is deleted and published anew between two polls, while its job goes on: no word of the old one may stand under the new one.
@Suite struct ReplacedMeanwhileTests {
    private static let first = "2026-01-01T10:00:00.000000Z"
    private static let later = "2026-01-01T11:00:00.000000Z"

    private func policy(_ written: String, manifest: String) -> NodeManagementPolicy {
        NodeManagementPolicy(id: EngineSite.one, manifest: manifest, lastUpdated: written)
    }

    /// A node that downloads, and has said so.
    private func downloading() throws -> MindSite {
        let site = try MindSite(policies: [policy(Self.first, manifest: "m")])
        _ = site.hub.step()
        try site.engine.engine.handle(EngineSite.one, .chosen)
        try site.engine.engine.handle(EngineSite.one, .planned(try site.engine.run(), EngineSite.plan))
        _ = site.hub.step()
        #expect(site.exchange.content.statuses == [EngineSite.one: .downloadStarted])
        return site
    }

    private func replace(_ site: MindSite) {
        site.exchange.change {
            $0.statuses = [:]
            $0.calls = []
            $0.policies = [policy(Self.later, manifest: "other")]
        }
    }

    private func goOn(_ site: MindSite) throws {
        try site.engine.engine.handle(EngineSite.one, .fetched(try site.engine.run()))
        try site.engine.engine.handle(EngineSite.one, .unpacked(try site.engine.run()))
        try site.engine.engine.handle(EngineSite.one, .turnGranted(try site.engine.run(), group: nil))
    }

    private func refuse(_ site: MindSite) throws {
        let ticket = try #require(site.job?.ticket)
        try site.engine.engine.handle(EngineSite.one, .recorded(ticket, number: 1, .refused(reason: "the hook says no")))
    }

    private func words(_ site: MindSite) -> [Status] {
        site.exchange.content.calls.compactMap { if case .put(_, let status) = $0 { status } else { nil } }
    }

    private func expectNew(_ site: MindSite) {
        #expect(words(site) == [.waiting])
        #expect(site.exchange.content.statuses == [EngineSite.one: .waiting])
        #expect(site.job?.facts?.terms.manifest == "other")
    }

    @Test func `a word that is owed before the next poll`() throws {
        let site = try downloading()
        replace(site)
        try site.engine.engine.handle(EngineSite.one, .fetched(try site.engine.run()))
        _ = site.hub.step()
        expectNew(site)
    }

    @Test func `an outcome that is owed before the next poll`() throws {
        let site = try downloading()
        try goOn(site)
        _ = site.hub.step()
        #expect(site.exchange.content.statuses == [EngineSite.one: .initiated])
        replace(site)
        try refuse(site)
        _ = site.hub.step()
        expectNew(site)
    }

    /// The installer has the old one; what is said meanwhile would hide that the new one is another.
    @Test func `while the installer has the job nothing is said of it`() throws {
        let site = try downloading()
        replace(site)
        try goOn(site)
        guard case .wait(let pause) = site.hub.step() else { throw ScratchError() }
        // Nor is it tried again and again.
        #expect(try #require(pause) > .seconds(1))
        #expect(words(site).isEmpty)
        #expect(site.job?.handover != nil)
        #expect(site.hub.contact.trouble == nil)
        try refuse(site)
        _ = site.hub.step()
        expectNew(site)
    }

    @Test func `a status that somebody deleted changes nothing, and is asked about once`() throws {
        let site = try downloading()
        site.exchange.change {
            $0.statuses = [:]
            $0.calls = []
        }
        try site.engine.engine.handle(EngineSite.one, .fetched(try site.engine.run()))
        for _ in 1...3 { _ = site.hub.step() }
        #expect(words(site) == [.downloaded])
        #expect(site.exchange.content.calls.count { $0 == .policies } == 1)
        #expect(site.job?.status == .downloaded)
    }

    @Test func `a reset that cannot be stored just now is not written over`() throws {
        let site = try downloading()
        try site.engine.engine.handle(EngineSite.one, .fetched(try site.engine.run()))
        site.exchange.change {
            $0.statuses = [EngineSite.one: .reset]
            $0.calls = []
        }
        site.engine.store.fail(commit: site.engine.store.commits + 1, .before(EngineSite.broken))
        _ = site.hub.step()
        #expect(words(site).isEmpty)
        #expect(site.exchange.content.statuses == [EngineSite.one: .reset])
        site.clock.advance(by: .seconds(3600))
        _ = site.hub.step()
        #expect(site.job?.status == .waiting)
        #expect(site.exchange.content.statuses == [EngineSite.one: .waiting])
    }
}
