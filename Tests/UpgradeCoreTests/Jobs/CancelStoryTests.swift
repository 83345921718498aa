import Testing
import UpgradeCore
import UpgradeModel

/// Requests meanwhile: cancel before `switch-intended`, refuse after. Source: install.md, "Who owns what".
@Suite struct CancelStoryTests {
    @Test func aResetBeforeTheHandOverBeginsAnewAtOnce() {
        for var job in [SampleJob.planning, .downloading, .unpacking] {
            let ticket = job.ticket
            job.send(.reset)
            #expect(job.title == "waiting")
            #expect(job.words.last == .waiting)
            #expect(job.effects.suffix(3) == [.stopProcedure(ticket), .removeFolder(ticket), .evaluate])
            #expect(job.state?.facts?.versions == [:])
        }
    }

    @Test func aResetWhileTheInstallerHasTheJobWaitsForItsAnswer() {
        var job = SampleJob.handedOver
        let ticket = job.ticket
        job.send(.reset)
        #expect(job.title == "cancelling (to wait)")
        #expect(job.words.last == .initiated)
        #expect(job.effects.last == .requestCancel(ticket))
        job.record(.cancelled)
        #expect(job.title == "waiting")
        #expect(job.words.last == .waiting)
        #expect(job.effects.suffix(2) == [.removeFolder(ticket), .evaluate])
    }

    @Test func aPolicyThatGoesWhileTheInstallerHasTheJobVanishesAfterItsAnswer() {
        var job = SampleJob.handedOver
        job.send(.unmatched(reason: "the policy is disabled"))
        #expect(job.title == "cancelling (to vanish)")
        #expect(job.deletions == 0)
        job.record(.cancelled)
        #expect(job.state == nil && job.deletions == 1)
    }

    @Test func theLastWishBeforeTheAnswerCounts() {
        var job = SampleJob.handedOver
        job.send(.reset)
        job.send(.unmatched(reason: "gone"))
        #expect(job.title == "cancelling (to vanish)")
        job.match()
        #expect(job.title == "cancelling (to wait)")
        job.record(.cancelled)
        #expect(job.title == "waiting")
    }

    @Test func aSwitchThatWonTheRaceGoesOn() {
        for event in [JobEvent.reset, .unmatched(reason: "gone")] {
            var job = SampleJob.handedOver
            job.send(event)
            job.record(.switchIntended)
            #expect(job.title == "on trial")
            #expect(job.state?.status == .initiated)
            job.record(.switched)
            job.record(.committed(at: job.context.now))
            #expect(job.words == [.waiting, .downloadStarted, .downloaded, .initiated, .successful])
        }
    }

    @Test func anInstallerThatRefusesWhenAskedToStopHasStopped() {
        var job = SampleJob.handedOver
        job.send(.reset)
        job.record(.refused(reason: "too little space"))
        #expect(job.title == "waiting")
        #expect(!job.words.contains(.precheckFailed))
    }

    @Test func nothingIsTakenFromTheSwitchOn() {
        var failed = SampleJob.rollingBack
        failed.record(.rollbackFailed(cause: "no", at: failed.context.now))
        for var job in [SampleJob.onTrial, .rollingBack, failed] {
            for event in [JobEvent.reset, .unmatched(reason: "gone")] {
                let before = job.state
                job.send(event)
                #expect(job.answer.isRejected, "\(job.title)")
                #expect(job.state == before)
            }
        }
    }

    @Test func aSilentInstallerLosesTheJob() {
        var job = SampleJob.handedOver
        let ticket = job.ticket
        job.pass(.seconds(1799))
        job.send(.woke(job.context.now))
        #expect(job.answer == .unchanged)
        job.sleep()
        #expect(job.title == "handed over")
        #expect(job.effects.last == .reclaim(ticket))
        // The lock was held: it looks again a minute later.
        #expect(job.state?.wake == SampleJob.beginning.adding(.seconds(1860)))
        job.sleep()
        #expect(job.effects.suffix(2) == [.reclaim(ticket), .reclaim(ticket)])
        job.send(.reclaimed(ticket, reason: "the installer did not begin in time"))
        #expect(job.title == "ended (precheck failed)")
        #expect(job.reason == "the installer did not begin in time")
        #expect(job.effects.last == .removeFolder(ticket))
    }

    @Test func aSilentInstallerThatWasAskedToStopLosesTheJobToo() {
        var job = SampleJob.handedOver
        job.send(.unmatched(reason: "gone"))
        job.sleep()
        #expect(job.effects.last == .reclaim(job.ticket))
        job.send(.reclaimed(job.ticket, reason: "taken back"))
        #expect(job.state == nil && job.deletions == 1)
    }

    @Test func anotherAttemptsRecordsAndRepeatedOnesAreStale() {
        var job = SampleJob.onTrial
        let before = job.state
        job.send(.recorded(job.ticket, number: 2, .switched))
        #expect(job.answer.isStale)
        job.send(.recorded(Ticket(high: 9, low: 9), number: 9, .committed(at: job.context.now)))
        #expect(job.answer.isStale)
        job.send(.reclaimed(Ticket(high: 9, low: 9), reason: "late"))
        #expect(job.answer.isStale)
        #expect(job.state == before)
    }

    @Test func recordsOutOfOrderAreRejected() {
        var early = SampleJob.handedOver
        early.record(.committed(at: early.context.now))
        #expect(early.answer.isRejected)
        var late = SampleJob.onTrial
        late.record(.cancelled)
        #expect(late.answer.isRejected)
        var back = SampleJob.rollingBack
        back.record(.committed(at: back.context.now))
        #expect(back.answer.isRejected)
    }
}
