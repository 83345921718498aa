import Testing
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// The change feed: where reading begins, and which changes mean what. Source: contract 1.6.
@Suite struct HubNewsTests {
    private func hub(_ changed: Set<String>, change: Int64 = 7) -> SimExchange {
        var content = SimExchange.Content()
        (content.changed, content.change) = (changed, change)
        return SimExchange(content)
    }

    @Test func `the first look begins at the newest change and wants an evaluation`() throws {
        let site = try EngineSite()
        let hub = hub(["nodemgmtpolstatus"])
        let first = try HubNews.look(hub, site.engine)
        #expect(first.isFirst && first.mustEvaluate && !first.mustReadStatuses && !first.hasMore)
        #expect(site.engine.snapshot.keys[.nextChange] == "7")
        #expect(hub.content.calls == [.maxChange, .changes])
        #expect(try HubNews.look(hub, site.engine).isFirst == false)
        #expect(site.engine.snapshot.keys[.nextChange] == "8")
    }

    /// A cursor behind what nobody has evaluated would hide it for ever.
    @Test func `a first look whose heartbeat is lost is the first look again`() throws {
        let site = try EngineSite()
        var content = SimExchange.Content()
        content.change = 7
        let deaf = SimExchange(content) { $0 == .changes ? SimExchange.away : nil }
        #expect(throws: TransferFailure.self) { _ = try HubNews.look(deaf, site.engine) }
        #expect(site.engine.snapshot.keys[.nextChange] == nil)
        let next = try HubNews.look(hub([], change: 9), site.engine)
        #expect(next.isFirst && next.mustEvaluate)
    }

    @Test(
        arguments: [
            (["mgmtpolicy"], true, false, false), (["nodepolicies"], true, false, false), (["node"], true, false, false),
            (["org"], true, false, false), (["nodemgmtpolstatus"], false, true, false), (["agentfileversion"], true, false, false),
            (["service"], false, false, true), ([], false, false, true), (["org", "nodemgmtpolstatus"], true, true, false),
        ] as [(Set<String>, Bool, Bool, Bool)])
    func `each kind of change has its meaning`(changed: Set<String>, evaluate: Bool, readStatuses: Bool, quiet: Bool) throws {
        let site = try EngineSite()
        try site.engine.record([.set(.nextChange, "3")])
        let news = try HubNews.look(hub(changed), site.engine)
        #expect(news.mustEvaluate == evaluate)
        #expect(news.mustReadStatuses == readStatuses)
        #expect(news.isQuiet == quiet)
        #expect(!news.isFirst)
    }

    @Test func `a cursor that cannot be committed is no news`() throws {
        let site = try EngineSite()
        site.store.fail(commit: site.store.commits + 1, .before(EngineSite.broken))
        #expect(throws: StoreError.self) { _ = try HubNews.look(hub([]), site.engine) }
        #expect(site.engine.snapshot.keys[.nextChange] == nil)
    }
}
