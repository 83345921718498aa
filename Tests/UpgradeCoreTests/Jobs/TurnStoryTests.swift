import Testing
import UpgradeCore
import UpgradeModel

/// A member of a high-availability group asks for its turn, last of all, and waits for as long as it takes. Source: contract 1.7, 5.3.
@Suite struct TurnStoryTests {
    private func refuse(_ job: inout SampleJob, _ reason: String = "n2 is being upgraded") {
        job.send(.procedureFailed(job.run, ProcedureFailure(.transient(retryAfter: nil), reason)))
    }

    @Test func everythingIsReadyBeforeTheTurnIsAskedFor() {
        let job = SampleJob.asking
        #expect(job.title == "asking")
        #expect(job.effects.last == .askTurn(job.run))
        #expect(job.state?.status == .downloaded)
        #expect(job.words == [.waiting, .downloadStarted, .downloaded])
    }

    @Test func theTurnIsTheHandOver() {
        var job = SampleJob.asking
        job.send(.turnGranted(job.run, group: "g"))
        #expect(job.title == "handed over")
        #expect(job.state?.facts?.group == "g")
        #expect(job.words.last == .initiated)
    }

    @Test func aRefusalIsToldOnceAndAskedAgainEveryMinute() {
        var job = SampleJob.asking
        let told = job.words
        for _ in 0..<500 {
            let asked = job.context.now
            refuse(&job)
            #expect(job.title == "paused (asking)")
            #expect(job.state?.status == .haNodeWaiting)
            #expect(job.state?.message == "n2 is being upgraded")
            #expect(job.state?.wake == asked.adding(.seconds(60)))
            job.sleep()
            #expect(job.title == "asking (again)")
            #expect(job.state?.status == .haNodeWaiting)
        }
        #expect(job.words == told + [.haNodeWaiting])
        job.send(.turnGranted(job.run, group: "g"))
        #expect(job.words == told + [.haNodeWaiting, .initiated])
    }

    @Test func anotherReasonIsToldToo() {
        var job = SampleJob.asking
        refuse(&job, "n2")
        job.sleep()
        refuse(&job, "n3")
        #expect(job.state?.message == "n3")
        #expect(job.words.suffix(2) == [.haNodeWaiting, .haNodeWaiting])
    }

    @Test func restartsAskAgainWithoutAnEnd() {
        var job = SampleJob.asking
        job.context.limits.runsMax = 5
        for _ in 0..<20 {
            let before = job.run
            job.send(.restarted)
            #expect(job.effects.last == .askTurn(job.run))
            job.send(.turnGranted(before, group: "g"))
            #expect(job.answer.isStale)
        }
        refuse(&job)
        job.send(.restarted)
        #expect(job.answer == .unchanged)
    }

    @Test func whatWaitsForItsTurnCanBeGivenUp() {
        for isPaused in [false, true] {
            var job = SampleJob.asking
            if isPaused { refuse(&job) }
            let ticket = job.ticket
            var other = job
            job.send(.reset)
            #expect(job.title == "waiting")
            #expect(job.effects.contains(.removeFolder(ticket)))
            other.send(.unmatched(reason: "disabled"))
            #expect(other.state == nil)
            #expect(other.effects.contains(.removeFolder(ticket)))
        }
    }

    @Test func aResetForgetsTheGroup() {
        var job = SampleJob.asking
        job.send(.turnGranted(job.run, group: "g"))
        job.send(.reset)
        job.record(.cancelled)
        #expect(job.title == "waiting")
        #expect(job.state?.facts?.group == nil)
    }
}
