import Testing
import UpgradeCore
import UpgradeModel

/// Failures that may pass, budgets, deadlines.
@Suite struct RetryStoryTests {
    @Test func twentyTriesAndNoMore() {
        var job = SampleJob.downloading
        var tries = 1
        while job.title != "ended (download failed)", tries < 100 {
            job.fail(.transient(retryAfter: nil))
            if job.title == "paused (downloading)" {
                job.sleep()
                tries += 1
            }
        }
        #expect(tries == 20)
        #expect(job.reason == "given up after 20 tries: no route to the hub")
        #expect(job.words == [.waiting, .downloadStarted, .downloadFailed])
    }

    @Test func seventyTwoHoursAndNoMore() {
        var job = SampleJob.planning
        while job.title == "planning" {
            job.fail(.transient(retryAfter: .seconds(86_400)))
            if job.title == "paused (planning)" { job.sleep() }
        }
        #expect(job.title == "ended (download failed)")
        #expect(job.context.now == SampleJob.beginning.adding(.seconds(72 * 3600)))
    }

    /// A node without a clock of its own boots in 1970 and hears the time between two tries.
    @Test(arguments: [-1_700_000_000, 1_700_000_000]) func aClockThatIsSetUsesNoTriesUp(_ seconds: Int64) {
        var job = SampleJob.planning
        var tries = 1
        while job.title == "planning", tries < 100 {
            job.fail(.transient(retryAfter: nil))
            job.pass(.seconds(seconds))
            if job.title == "paused (planning)" {
                job.wakeUp()
                tries += 1
            }
        }
        #expect(tries == 20)
    }

    @Test func theBudgetSpansAllPhasesOfAnAttempt() {
        var job = SampleJob.planning
        job.context.limits.retryTries = 3
        job.fail(.transient(retryAfter: nil))
        job.sleep()
        job.send(.planned(job.run, SampleJob.plan))
        job.fail(.transient(retryAfter: nil))
        job.sleep()
        job.send(.fetched(job.run))
        job.fail(.transient(retryAfter: nil), "no space left")
        #expect(job.title == "ended (precheck failed)")
    }

    @Test func aDiskThatStaysFullWhileUnpackingIsPrecheckFailed() {
        var job = SampleJob.unpacking
        job.context.limits.retryTries = 2
        job.fail(.transient(retryAfter: nil), "no space left")
        #expect(job.title == "paused (unpacking)")
        #expect(job.state?.status == .downloaded)
        job.sleep()
        job.fail(.transient(retryAfter: nil), "no space left")
        #expect(job.title == "ended (precheck failed)")
        #expect(job.reason == "given up after 2 tries: no space left")
    }

    @Test func aPauseSaysWhyAndUntilWhen() throws {
        var job = SampleJob.downloading
        job.fail(.transient(retryAfter: nil), "503")
        guard case .paused(_, let attempt, let pause) = try #require(job.state) else { return }
        #expect(pause.reason == "503")
        #expect(pause.nextTry == SampleJob.beginning.adding(.seconds(5)))
        #expect(attempt.failures == 1 && attempt.waitedSeconds == 5)
        job.send(.woke(pause.nextTry.adding(.seconds(-1))))
        #expect(job.answer == .unchanged)
        job.send(.woke(pause.nextTry))
        #expect(job.title == "downloading")
    }

    @Test func whatTheHubAskedForIsALowerBound() {
        var job = SampleJob.downloading
        job.fail(.transient(retryAfter: .seconds(7200)))
        #expect(job.state?.wake == SampleJob.beginning.adding(.seconds(7200)))
    }

    @Test func aRunThatDoesNotAnswerIsStoppedAndTriedAgain() {
        for var job in [SampleJob.planning, .downloading, .unpacking] {
            let (title, old) = (job.title, job.run)
            job.pass(.seconds(8 * 3600 - 1))
            job.send(.woke(job.context.now))
            #expect(job.answer == .unchanged)
            job.sleep()
            #expect(job.title == "paused (\(title))")
            #expect(job.effects.last == .stopProcedure(old.ticket))
            job.sleep()
            #expect(job.title == title)
            #expect(job.run.run == old.run + 1)
            job.send(.fetched(old))
            #expect(job.answer.isStale)
        }
    }

    @Test func aRunThatDoesNotAnswerForTheLastTimeEndsTheJob() {
        var job = SampleJob.unpacking
        let ticket = job.ticket
        job.context.limits.retryTries = 1
        job.sleep()
        #expect(job.title == "ended (precheck failed)")
        #expect(job.effects.suffix(2) == [.stopProcedure(ticket), .removeFolder(ticket)])
    }

    @Test func anotherProceduresAnswerUnderThePresentRunIsRejected() {
        var job = SampleJob.downloading
        job.send(.unpacked(job.run))
        #expect(job.answer.isRejected)
        job.send(.fetched(RunID(ticket: job.ticket, run: job.run.run + 1)))
        #expect(job.answer.isRejected)
        job.send(.fetched(RunID(ticket: Ticket(high: 8, low: 8), run: 99)))
        #expect(job.answer.isStale)
    }

    // MARK: The rule itself

    @Test func theDelayDoublesUpToItsCap() {
        let limits = JobLimits()
        let delays = (1...12).map { RetryRule.delay(failures: $0, retryAfter: nil, chance: 0, limits: limits) }
        #expect(delays.prefix(4) == [.seconds(5), .seconds(10), .seconds(20), .seconds(40)])
        #expect(delays.suffix(2) == [.seconds(1800), .seconds(1800)])
        #expect(RetryRule.delay(failures: .max, retryAfter: nil, chance: 0, limits: limits) == .seconds(1800))
        #expect(RetryRule.delay(failures: 0, retryAfter: nil, chance: 0, limits: limits) == .seconds(5))
    }

    @Test func theUpperHalfIsJittered() {
        let limits = JobLimits()
        var generator = SeededGenerator(seed: 1)
        var seen: Set<Duration> = []
        for failures in 1...20 {
            let whole = RetryRule.delay(failures: failures, retryAfter: nil, chance: 0, limits: limits) * 2
            for _ in 0..<100 {
                let delay = RetryRule.delay(failures: failures, retryAfter: nil, chance: generator.next(), limits: limits)
                #expect(delay >= whole / 2 && delay <= whole)
                seen.insert(delay)
            }
            #expect(RetryRule.delay(failures: failures, retryAfter: nil, chance: .max, limits: limits) > whole * 0.999)
        }
        #expect(seen.count > 1900)
    }

    @Test func atMostADayIsBelieved() {
        let limits = JobLimits()
        #expect(RetryRule.delay(failures: 1, retryAfter: .seconds(90), chance: 0, limits: limits) == .seconds(90))
        #expect(RetryRule.delay(failures: 1, retryAfter: .seconds(1_000_000), chance: 0, limits: limits) == .seconds(86_400))
        #expect(RetryRule.delay(failures: 1, retryAfter: .seconds(-5), chance: 0, limits: limits) == .seconds(5))
    }
}
