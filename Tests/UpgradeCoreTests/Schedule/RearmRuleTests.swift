import Testing
import UpgradeCore
import UpgradeModel

/// What makes an ended job begin anew. Source: contract 4.8, "AFV change".
@Suite struct RearmRuleTests {
    private func isDue(_ seen: [Component: String], _ software: String, _ configuration: String = "", failed: String? = nil) -> Bool {
        RearmRule.isDue(
            latest: seen, newest: PerComponent(software: software, configuration: configuration, certificate: ""),
            failed: Set(failed.map { [ComponentVersion(component: .software, version: $0)] } ?? []))
    }

    @Test func onlyWhatFollowsLatestCounts() {
        #expect(!isDue([:], "9.0.0"))
        #expect(!isDue([.software: "1.0.0"], "1.0.0", "2.0"))
        #expect(isDue([.software: "1.0.0", .configuration: "1.0"], "1.0.0", "2.0"))
    }

    @Test func itMustBeAnotherVersion() {
        #expect(isDue([.software: "1.0.0"], "1.1.0"))
        #expect(isDue([.software: ""], "1.0.0"))
        #expect(!isDue([.software: "1.0.0"], "1.0"))
        #expect(!isDue([.software: "1.0.0"], ""))
        // The newest was taken back: what is offered now is another one.
        #expect(isDue([.software: "1.1.0"], "1.0.0"))
    }

    @Test func whatFailedHereIsNoReason() {
        #expect(!isDue([.software: "1.0.0"], "1.1.0", failed: "1.1.0"))
        #expect(isDue([.software: "1.0.0"], "1.2.0", failed: "1.1.0"))
    }

    @Test func aNewVersionBringsAnEndedJobBack() {
        var job = SampleJob.planning
        job.send(.nothingToDo(job.run, reason: "", versions: [.software: "1.0.0"], latest: [.software: "1.0.0"]))
        #expect(job.effects.last == .evaluate)
        job.send(.published(PerComponent(software: "1.0.0", configuration: "", certificate: "")))
        #expect(job.answer == .unchanged)
        job.pass(.seconds(3600))
        job.send(.published(PerComponent(software: "1.1.0", configuration: "", certificate: "")))
        #expect(job.title == "waiting")
        #expect(job.state?.facts?.scheduled == job.context.now)
        #expect(job.words == [.waiting, .downloadStarted, .noActionRequired, .waiting])
    }

    @Test func aFailureInPlanningKnowsWhatWasOffered() {
        var job = SampleJob.planning
        var failure = ProcedureFailure(.final(.precheckFailed), "the exchange lists no software version")
        failure.latest = [.software: ""]
        job.send(.procedureFailed(job.run, failure))
        #expect(job.title == "ended (precheck failed)")
        job.send(.published(PerComponent(software: "1.1.0", configuration: "", certificate: "")))
        #expect(job.title == "waiting")
    }

    @Test func aRolledBackVersionIsNotTriedAgain() {
        var job = SampleJob.planning
        job.send(.planned(job.run, SampleJob.plan, latest: [.software: "2.0.0"]))
        job.fail(.final(.downloadFailed))
        job.context.failedVersions = [ComponentVersion(component: .software, version: "3.0.0")]
        job.send(.published(PerComponent(software: "3.0.0", configuration: "", certificate: "")))
        #expect(job.answer == .unchanged)
    }
}
