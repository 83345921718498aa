import Testing
import UpgradeCore
import UpgradeModel

/// What failed here is not tried again by itself.
@Suite struct FailedVersionTests {
    private static let failed: Set<ComponentVersion> = [
        ComponentVersion(component: .software, version: "1.2.0"), ComponentVersion(component: .configuration, version: "5"),
    ]

    private func isRefused(_ versions: [Component: String], failed: Set<ComponentVersion> = failed) -> Bool {
        FailedVersionRule.objection(to: versions, failed: failed) != nil
    }

    @Test func softwareThatFailedIsRefusedInAnyCompany() {
        #expect(isRefused([.software: "1.2.0"]))
        #expect(isRefused([.software: "1.2.0", .configuration: "6"]))
        #expect(!isRefused([.software: "1.2.0"], failed: []))
        #expect(!isRefused([.software: "1.3.0"]))
    }

    @Test func whatMayBeInnocentIsRefusedAloneOnly() {
        #expect(isRefused([.configuration: "5"]))
        #expect(!isRefused([.configuration: "5", .software: "1.3.0"]))
        #expect(!isRefused([.configuration: "5", .certificate: "1"]))
        #expect(!isRefused([.certificate: "5"]))
        #expect(!isRefused([:]))
    }

    @Test func theReasonNamesWhatFailedAndTheRemedy() throws {
        let text = try #require(FailedVersionRule.objection(to: [.software: "1.2.0", .certificate: "9"], failed: Self.failed))
        #expect(text.hasPrefix("software 1.2.0 failed on this node before"))
        #expect(text.hasSuffix("reset the status of this policy"))
    }

    @Test func somethingNewerBringsAJobBackWhateverElseFailed() {
        let newest = PerComponent(software: "1.3.0", configuration: "5", certificate: "")
        #expect(RearmRule.isDue(latest: [.software: "1.2.0", .configuration: "5"], newest: newest, failed: Self.failed))
        #expect(!RearmRule.isDue(latest: [.software: "1.3.0", .configuration: "4"], newest: newest, failed: Self.failed))
        let old = PerComponent(software: "1.2.0", configuration: "6", certificate: "")
        #expect(!RearmRule.isDue(latest: [.software: "1.2.0", .configuration: "5"], newest: old, failed: Self.failed))
    }

    @Test func aResetInsistsUntilSomethingNewerIsOffered() {
        var job = SampleJob.planning
        #expect(job.state?.facts?.insists == nil)
        job.send(.planned(job.run, SampleJob.plan, latest: [.software: "2.0.0"]))
        job.send(.reset)
        #expect(job.state?.facts?.insists == true)
        job.send(.chosen)
        job.fail(.final(.precheckFailed))
        #expect(job.state?.facts?.insists == true)
        var failure = ProcedureFailure(.final(.precheckFailed), "no")
        failure.latest = [.software: "2.0.0"]
        job.send(.reset)
        job.send(.chosen)
        job.send(.procedureFailed(job.run, failure))
        job.send(.published(PerComponent(software: "3.0.0", configuration: "", certificate: "")))
        #expect(job.title == "waiting")
        #expect(job.state?.facts?.insists == nil)
    }
}
