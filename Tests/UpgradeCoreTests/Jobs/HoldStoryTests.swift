import Testing
import UpgradeCore
import UpgradeModel

/// A node that a person holds: nothing begins, what runs stops without losing anything, and the reason is told.
@Suite struct HoldStoryTests {
    private static let reason = "held by root: stocktaking"

    private func hold(_ job: inout SampleJob) {
        job.context.hold = Self.reason
        job.send(.held(reason: Self.reason))
    }

    private func release(_ job: inout SampleJob) {
        job.context.hold = nil
        job.send(.released)
    }

    @Test func nothingBegins() {
        var job = SampleJob.waiting
        hold(&job)
        #expect(job.answer == .unchanged)
        job.send(.chosen)
        #expect(job.answer.isStale)
        #expect(job.title == "waiting")
        release(&job)
        job.send(.chosen)
        #expect(job.title == "planning")
    }

    @Test func whatRunsStopsAndGoesOnWhereItWas() throws {
        for start in [SampleJob.planning, .downloading, .unpacking, .asking] {
            var job = start
            let (before, title) = (try #require(start.state?.attempt), start.title)
            hold(&job)
            #expect(job.title.hasPrefix("paused"), "\(title)")
            #expect(job.effects.last == .stopProcedure(before.ticket))
            #expect(job.state?.status == start.state?.status)
            #expect(job.state?.message == Self.reason)
            #expect(job.reason == Self.reason)
            release(&job)
            #expect(job.title == title)
            let after = try #require(job.state?.attempt)
            #expect(after.ticket == before.ticket && after.failures == before.failures && after.waitedSeconds == before.waitedSeconds)
            #expect(job.reason == "" && job.words.last == start.state?.status)
        }
    }

    @Test func timeAndRestartsDoNotEndIt() {
        var job = SampleJob.downloading
        hold(&job)
        let told = job.words
        for _ in 0..<200 {
            job.sleep()
            #expect(job.title == "paused (downloading)")
            job.send(.restarted)
            job.send(.held(reason: Self.reason))
            #expect(job.answer == .unchanged)
        }
        #expect(job.state?.message == Self.reason)
        #expect(job.words == told)
    }

    @Test func aRetryThatIsDueWaitsToo() {
        var job = SampleJob.downloading
        job.fail(.transient(retryAfter: nil))
        let failures = job.state?.attempt?.failures
        hold(&job)
        #expect(job.state?.message == Self.reason)
        job.sleep()
        #expect(job.title == "paused (downloading)")
        #expect(job.state?.attempt?.failures == failures)
        release(&job)
        #expect(job.title == "downloading")
    }

    @Test func whoWaitedForTheGroupWaitsForTheHoldNow() {
        var job = SampleJob.asking
        job.send(.procedureFailed(job.run, ProcedureFailure(.transient(retryAfter: nil), "n2 is being upgraded")))
        #expect(job.state?.status == .haNodeWaiting)
        hold(&job)
        #expect(job.state?.status == .downloaded)
        #expect(job.words.last == .downloaded)
        release(&job)
        #expect(job.effects.last == .askTurn(job.run))
    }

    @Test func aTurnThatIsOnItsWayIsGivenBack() {
        var job = SampleJob.asking
        let run = job.run
        hold(&job)
        #expect(job.words.suffix(2) == [.waiting, .downloaded])
        job.send(.turnGranted(run, group: "g"))
        #expect(job.answer.isStale)
        #expect(job.title == "paused (before asking)")
    }

    @Test func theInstallerKeepsWhatItHas() {
        for start in [SampleJob.handedOver, .onTrial, .rollingBack] {
            var job = start
            hold(&job)
            #expect(job.answer == .unchanged)
            release(&job)
            #expect(job.answer == .unchanged)
        }
    }

    @Test func aHeldJobCanBeResetOrGivenUp() {
        var job = SampleJob.unpacking
        hold(&job)
        var other = job
        job.send(.reset)
        #expect(job.title == "waiting")
        other.send(.unmatched(reason: "disabled"))
        #expect(other.state == nil)
    }
}
