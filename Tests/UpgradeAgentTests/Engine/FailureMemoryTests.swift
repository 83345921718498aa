import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// A version that failed on this node is remembered, whatever becomes of its policy.
@Suite struct FailureMemoryTests {
    private static let version = ComponentVersion(component: .software, version: "1.1.0")

    private func rolledBack() throws -> EngineSite {
        let site = try EngineSite()
        let handover = try site.handOver()
        for (number, record) in [
            (3, InstallerRecord.switchIntended), (6, .rollbackIntended(cause: "sick", at: site.clock.now())),
            (7, .rolledBack(at: site.clock.now())),
        ] {
            try site.engine.handle(EngineSite.one, .recorded(handover.ticket, number: number, record))
        }
        return site
    }

    @Test func `it outlives restarts, the policy and the registration`() throws {
        let site = try rolledBack()
        #expect(site.engine.snapshot.keys.failedVersions == [Self.version])
        try site.engine.handle(EngineSite.one, .unmatched(reason: "the policy was deleted"))
        try site.engine.record([.forgetAll])
        let again = try EngineSite(site.database)
        #expect(again.job() == nil)
        #expect(again.engine.snapshot.keys.failedVersions == [Self.version])
    }

    @Test func `the policy stays ended over restarts and evaluations, until a reset`() throws {
        let site = try rolledBack()
        let again = try EngineSite(site.database)
        try again.engine.handle(EngineSite.one, .restarted)
        try again.match()
        try again.engine.handle(EngineSite.one, .published(PerComponent(software: "1.1.0", configuration: "", certificate: "")))
        #expect(again.job()?.status == .rollbackSuccessful)
        #expect(again.effects.all == [])
        _ = try again.engine.reset([EngineSite.one])
        #expect(again.job()?.facts?.insists == true)
        #expect(again.engine.snapshot.keys.failedVersions == [Self.version])
    }

    @Test func `a commit proves the version after all`() throws {
        let site = try rolledBack()
        let other = ComponentVersion(component: .configuration, version: "9")
        try site.engine.record([.set(failed: [Self.version, other])])
        _ = try site.engine.reset([EngineSite.one])
        let handover = try site.handOver()
        try site.engine.handle(EngineSite.one, .recorded(handover.ticket, number: 3, .switchIntended))
        try site.engine.handle(EngineSite.one, .recorded(handover.ticket, number: 7, .committed(at: site.clock.now())))
        #expect(site.job()?.status == .successful)
        #expect(site.engine.snapshot.keys.failedVersions == [other])
    }

    @Test func `what was given back before the switch has not failed`() throws {
        let site = try EngineSite()
        let handover = try site.handOver()
        try site.engine.handle(EngineSite.one, .recorded(handover.ticket, number: 3, .refused(reason: "too little space")))
        #expect(site.job()?.status == .precheckFailed)
        #expect(site.engine.snapshot.keys.failedVersions.isEmpty)
    }
}
