import Testing
import UpgradeCore
import UpgradeModel

/// Restarts, and a memory that is lost.
@Suite struct RecoveryStoryTests {
    @Test func aRestartRunsTheSamePhaseAgainAsANewRun() {
        for (var job, title) in [(SampleJob.planning, "planning"), (.downloading, "downloading"), (.unpacking, "unpacking")] {
            let old = job.run
            job.send(.restarted)
            #expect(job.title == title)
            #expect(job.run == RunID(ticket: old.ticket, run: old.run + 1))
            #expect(job.effects.last?.run == job.run)
            #expect(job.answer.move?.owed == [])
        }
    }

    @Test func aRestartAsksForTheInstallerAgain() {
        var job = SampleJob.handedOver
        job.send(.restarted)
        #expect(job.answer.move?.effects == job.state?.handover.map { [.handOver($0)] })
    }

    /// Neither one of long ago nor one of years ahead, whatever happened to the clock meanwhile.
    @Test(arguments: [-1_700_000_000, -100, 100, 1_700_000_000]) func aRestartLeavesNoStaleDeadline(_ seconds: Int64) {
        for var job in [SampleJob.planning, .downloading, .unpacking] {
            job.pass(.seconds(seconds))
            job.send(.restarted)
            #expect(job.state?.wake == job.context.now.adding(.seconds(8 * 3600)))
        }
        var cancelling = SampleJob.handedOver
        cancelling.send(.reset)
        for var job in [SampleJob.handedOver, cancelling] {
            job.pass(.seconds(seconds))
            job.send(.restarted)
            let left = seconds == 100 ? 1700 : seconds < 0 ? 1800 : 60
            #expect(job.state?.wake == job.context.now.adding(.seconds(left)), "\(job.title)")
        }
    }

    @Test func aRestartRepeatsACancelThatMayNotHaveBeenWritten() throws {
        var job = SampleJob.handedOver
        job.send(.reset)
        job.send(.restarted)
        let handover = try #require(job.state?.handover)
        #expect(job.answer.move?.effects == [.requestCancel(job.ticket), .handOver(handover)])
    }

    @Test func aRestartDoesNothingWhereTheInstallerDecidesOrNothingRuns() {
        var paused = SampleJob.downloading
        paused.fail(.transient(retryAfter: nil))
        var failed = SampleJob.rollingBack
        failed.record(.rollbackFailed(cause: "no", at: failed.context.now))
        var ended = SampleJob.onTrial
        ended.record(.committed(at: ended.context.now))
        for var job in [SampleJob.waiting, paused, .onTrial, .rollingBack, failed, ended, SampleJob()] {
            job.send(.restarted)
            #expect(job.answer == .unchanged, "\(job.title)")
        }
    }

    @Test func aRestartDoesNotForgetTheBudget() throws {
        var job = SampleJob.downloading
        job.context.limits.retryTries = 3
        job.fail(.transient(retryAfter: nil))
        job.sleep()
        job.send(.restarted)
        #expect(job.state?.attempt?.failures == 1)
        job.fail(.transient(retryAfter: nil))
        job.sleep()
        job.fail(.transient(retryAfter: nil))
        #expect(job.title == "ended (download failed)")
    }

    @Test func anAttemptThatEndsTheAgentEachTimeEndsToo() {
        for (var job, title) in [
            (SampleJob.planning, "download failed"), (.downloading, "download failed"), (.unpacking, "precheck failed"),
        ] {
            var restarts = 0
            while job.state?.isRunning == true, restarts < 1000 {
                job.send(.restarted)
                restarts += 1
            }
            #expect(job.title == "ended (\(title))")
            #expect(restarts > 90 && restarts <= 100)
            #expect(job.reason == "given up after 100 runs: the agent was restarted too often meanwhile")
        }
    }

    @Test func theOldAgentReadsTheWholeStoryFromTheJournal() {
        // Its database knows the hand-over only: the new release's copy went its own way.
        var job = SampleJob.handedOver
        job.send(.restarted)
        job.record(.switchIntended)
        job.record(.switched)
        job.record(.rollbackIntended(cause: "no answer", at: job.context.now))
        job.record(.rolledBack(at: job.context.now))
        #expect(job.words.suffix(4) == [.initiated, .failed, .rollbackStarted, .rollbackSuccessful])
    }

    @Test func aLostDatabaseIsUnknownUntilAReset() {
        var job = SampleJob()
        job.context.memoryLost = "database lost"
        job.match()
        #expect(job.words == [.unknown])
        #expect(job.reason == "database lost")
        for event in [JobEvent.matched(SampleJob.terms, lastUpdated: nil), .woke(SampleJob.beginning), .restarted] {
            job.send(event)
            #expect(job.answer == .unchanged)
        }
        job.send(.chosen)
        #expect(job.answer.isRejected)
        job.context.memoryLost = nil
        job.send(.reset)
        #expect(job.words == [.unknown, .waiting])
        #expect(job.state?.facts?.terms == SampleJob.terms)
    }

    @Test func aLostJobIsResetWithThePolicyAsItIsNow() {
        var job = SampleJob()
        job.context.memoryLost = "database lost"
        job.match()
        job.match(SampleStates.editedTerms)
        #expect(job.words == [.unknown])
        job.send(.reset)
        #expect(job.state?.facts?.terms == SampleStates.editedTerms)
    }

    @Test func aDamagedRowIsReportedOnceItsPolicyIsSeen() {
        var job = SampleJob()
        job.state = .quarantined(reason: "damaged", nil)
        job.match()
        #expect(job.words == [.unknown])
        #expect(job.reason == "damaged")
        job.match()
        #expect(job.answer == .unchanged)
    }

    @Test func aDamagedRowWhosePolicyWasNotSeenGoesWithAReset() {
        var job = SampleJob()
        job.state = .quarantined(reason: "damaged", nil)
        job.send(.reset)
        #expect(job.state == nil && job.deletions == 1)
        #expect(job.effects == [.evaluate])
    }

    @Test func aLostJobThatWasResetLearnsWhenItsPolicyWasWritten() {
        var job = SampleJob()
        job.context.memoryLost = "database lost"
        job.match()
        job.send(.reset)
        #expect(job.state?.facts?.written == nil)
        job.send(.matched(SampleJob.terms, lastUpdated: "2026-01-01T10:00:00Z[UTC]"))
        #expect(job.state?.facts?.written == "2026-01-01T10:00:00Z[UTC]")
        #expect(job.words == [.unknown, .waiting])
        // What is known stays known: the job is as old as it was.
        job.send(.matched(SampleJob.terms, lastUpdated: "2026-01-01T11:00:00Z[UTC]"))
        #expect(job.answer == .unchanged)
    }

    @Test func aResetKeepsWhenThePolicyWasWritten() {
        var job = SampleJob()
        job.send(.matched(SampleJob.terms, lastUpdated: "2026-01-01T10:00:00Z[UTC]"))
        job.send(.reset)
        #expect(job.state?.facts?.written == "2026-01-01T10:00:00Z[UTC]")
    }

    @Test(
        arguments: [
            ("2026-01-01T10:00:00Z", "2026-01-01T10:00:01Z", true),
            ("2026-01-01T10:00:00Z[UTC]", "2026-01-01T10:00:00.5Z[UTC]", true),
            ("2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z[UTC]", false),
            ("2026-01-01T12:00:00+02:00", "2026-01-01T10:00:00Z", false),
            ("2026-01-01T10:00:01Z", "2026-01-01T10:00:00Z", false),
            ("yesterday", "2026-01-01T10:00:00Z", false), ("2026-01-01T10:00:00Z", "", false),
            (nil, "2026-01-01T10:00:00Z", false), ("2026-01-01T10:00:00Z", nil, false),
        ] as [(String?, String?, Bool)])
    func aPolicyThatWasWrittenSince(known: String?, seen: String?, isOlder: Bool) {
        let facts = JobFacts(terms: SampleJob.terms, scheduled: SampleJob.beginning, written: known)
        let policy = NodeManagementPolicy(id: PolicyID(org: "o", name: "p"), manifest: "m", lastUpdated: seen)
        #expect(facts.isOlder(than: policy) == isOlder)
    }

    @Test func aLostJobVanishesWithItsPolicy() {
        var job = SampleJob()
        job.context.memoryLost = "database lost"
        job.match()
        job.send(.unmatched(reason: "gone"))
        #expect(job.state == nil && job.deletions == 1)
    }
}
