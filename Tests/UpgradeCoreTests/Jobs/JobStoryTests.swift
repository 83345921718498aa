import Testing
import UpgradeCore
import UpgradeModel

/// What a person would tell about one upgrade.
@Suite struct JobStoryTests {
    private let road: [Status] = [.waiting, .downloadStarted, .downloaded, .initiated]

    @Test func aGoodUpgrade() {
        var job = SampleJob.onTrial
        job.pass(.seconds(60))
        job.record(.committed(at: job.context.now))
        #expect(job.title == "ended (successful)")
        #expect(job.words == road + [.successful])
        #expect(job.softwareVersions == 1)
        #expect(job.state?.facts?.ended == SampleJob.beginning.adding(.seconds(60)))
        #expect(job.state?.facts?.started == SampleJob.beginning)
        #expect(job.state?.facts?.versions == [.software: "2.0.0"])
        #expect(job.state?.ticket == nil)
    }

    @Test func nothingNewerIsOffered() {
        var job = SampleJob.planning
        job.send(.nothingToDo(job.run, reason: "1.0.0 is the newest", versions: [.software: "1.0.0"]))
        #expect(job.words == [.waiting, .downloadStarted, .noActionRequired])
        #expect(job.state?.facts?.versions == [.software: "1.0.0"])
        #expect(job.reason == "1.0.0 is the newest")
    }

    @Test func theHandOverNamesReleasesAndDeadline() throws {
        let job = SampleJob.handedOver
        let handover = try #require(job.state?.handover)
        #expect(handover.oldRelease == 4 && handover.newRelease == 7)
        #expect(handover.deadline == SampleJob.beginning.adding(.seconds(1800)))
        #expect(job.effects.last == .handOver(handover))
    }

    @Test(arguments: [nil, true]) func `a start that was drawn while the clock was ahead is drawn anew`(isReset: Bool?) throws {
        var job = SampleJob()
        job.match(SampleJob.terms(window: 100))
        if isReset == true { job.send(.reset) }
        job.context.now = SampleJob.beginning.adding(.seconds(-60))
        job.match(SampleJob.terms(window: 100))
        #expect(job.state?.facts?.scheduled == SampleJob.beginning)
        job.context.now = SampleJob.beginning.adding(.seconds(-161))
        job.match(SampleJob.terms(window: 100))
        #expect(job.state?.facts?.scheduled == job.context.now)
        #expect(job.state?.facts?.insists == isReset)
        #expect(job.words == [.waiting, .waiting] + (isReset == true ? [.waiting] : []))
    }

    @Test(arguments: ["now", "2027-01-15T08:00:00Z", "2027-02-15T08:00:00Z"], [0, Int.max])
    func `a start within its window stays as it is`(_ start: String, _ window: Int) {
        let terms = JobTerms(manifest: "org/m", allowDowngrade: false, start: start, startWindow: window)
        var job = SampleJob()
        job.context.chance = .max
        job.match(terms)
        for seconds in [0, -60, 1_000_000] {
            job.context.now = SampleJob.beginning.adding(.seconds(seconds))
            job.match(terms)
        }
        #expect(job.words == [.waiting])
    }

    // MARK: install.md, "Which word"

    @Test(arguments: ["404", "length", "digest", "signature"])
    func aFileThatCannotBeHadIsDownloadFailed(_ reason: String) {
        var job = SampleJob.downloading
        job.fail(.final(.downloadFailed), reason)
        #expect(job.words == [.waiting, .downloadStarted, .downloadFailed])
        #expect(job.reason == reason)
    }

    @Test func aManifestOrVersionThatCannotBeUsedIsPrecheckFailed() {
        var job = SampleJob.planning
        job.fail(.final(.precheckFailed), "the manifest is unsigned")
        #expect(job.words == [.waiting, .downloadStarted, .precheckFailed])
    }

    @Test func aRefusedArchiveIsPrecheckFailed() {
        var job = SampleJob.unpacking
        job.fail(.final(.precheckFailed), "the archive has a device file")
        #expect(job.words == [.waiting, .downloadStarted, .downloaded, .precheckFailed])
    }

    @Test func anInstallerThatEndsBeforeTheSwitchIsPrecheckFailedWithoutRollbackWords() {
        var job = SampleJob.handedOver
        job.record(.refused(reason: "too little space"))
        #expect(job.words == road + [.precheckFailed])
        #expect(job.reason == "too little space")
    }

    @Test func whatFailsAfterTheSwitchIsRolledBack() {
        var job = SampleJob.rollingBack
        #expect(job.words == road + [.failed, .rollbackStarted])
        job.record(.rolledBack(at: job.context.now))
        #expect(job.words == road + [.failed, .rollbackStarted, .rollbackSuccessful])
        #expect(job.reason == "it was not ready")
        #expect(job.state?.facts?.ended == nil)
    }

    @Test func aRollbackThatFailsKeepsTheFirstCauseAndMayStillRecover() {
        var job = SampleJob.rollingBack
        job.record(.rollbackFailed(cause: "the old release does not start", at: job.context.now))
        #expect(job.words == road + [.failed, .rollbackStarted, .rollbackFailed])
        #expect(job.reason == "it was not ready; the old release does not start")
        #expect(job.state?.isActive == true)
        job.record(.rollbackFailed(cause: "still not", at: job.context.now))
        #expect(job.words.last == .rollbackFailed && job.words.count == 7)
        job.record(.rolledBack(at: job.context.now))
        #expect(job.words == road + [.failed, .rollbackStarted, .rollbackFailed, .rollbackSuccessful])
        #expect(job.reason.hasPrefix("it was not ready"))
    }

    @Test func aVersionThatWasRolledBackIsNotTriedAgainByItself() {
        var job = SampleJob.rollingBack
        job.record(.rolledBack(at: job.context.now))
        for event in [JobEvent.matched(SampleJob.terms, lastUpdated: nil), .woke(SampleJob.beginning), .restarted, .chosen] {
            job.send(event)
            #expect(job.answer.move == nil)
        }
        #expect(job.title == "ended (rollback successful)")
    }

    // MARK: Where a manifest or archive is distrusted

    @Test func bytesAreFetchedAfreshOnceWhenTheyAreNotBelieved() {
        var job = SampleJob.downloading
        job.fail(.distrusted, "the signature is wrong")
        #expect(job.title == "paused (downloading)")
        job.sleep()
        #expect(job.title == "downloading")
        job.fail(.distrusted, "the signature is wrong")
        #expect(job.words == [.waiting, .downloadStarted, .downloadFailed])
        #expect(job.reason == "the signature is wrong")
    }

    @Test func aManifestThatIsNotBelievedTwiceIsPrecheckFailed() {
        var job = SampleJob.planning
        job.fail(.distrusted)
        job.sleep()
        job.fail(.distrusted)
        #expect(job.title == "ended (precheck failed)")
    }

    // MARK: Edits of the policy

    @Test(arguments: [
        JobTerms(manifest: "org/other", allowDowngrade: false, start: "now", startWindow: 0),
        JobTerms(manifest: "org/m", allowDowngrade: false, start: "2030-01-01T00:00:00Z", startWindow: 0),
        JobTerms(manifest: "org/m", allowDowngrade: false, start: "now", startWindow: 600),
    ])
    func anEditCountsOnlyWhileWaiting(_ edited: JobTerms) {
        var waiting = SampleJob.waiting
        waiting.match(edited)
        #expect(waiting.state?.facts?.terms == edited)
        #expect(waiting.words == [.waiting, .waiting])

        for var later in [SampleJob.planning, .downloading, .unpacking, .handedOver, .onTrial, .rollingBack] {
            later.match(edited)
            #expect(later.answer == .unchanged, "\(later.title)")
            #expect(later.state?.facts?.terms == SampleJob.terms)
        }
    }

    @Test func anEditDrawsTheWindowAnew() {
        var job = SampleJob.waiting
        job.context.chance = .max
        job.match(JobTerms(manifest: "org/m", allowDowngrade: false, start: "now", startWindow: 600))
        #expect(job.state?.facts?.scheduled == SampleJob.beginning.adding(.seconds(599)))
        job.context.chance = 0
        job.match(JobTerms(manifest: "org/m", allowDowngrade: false, start: "now", startWindow: 600))
        #expect(job.answer == .unchanged)
    }

    // MARK: An unreadable start

    @Test func anUnreadableStartNeverStartsNotEvenAfterAReset() {
        var job = SampleJob()
        job.match(SampleStates.unreadableTerms)
        #expect(job.words == [.precheckFailed])
        job.send(.reset)
        #expect(job.state == nil && job.deletions == 1)
        #expect(job.effects == [.evaluate])
        job.match(JobTerms(manifest: "org/m", allowDowngrade: false, start: "2030-01-01T00:00:00Z", startWindow: 0))
        #expect(job.state?.wake?.rfc3339().hasPrefix("2030-01-01T00:00:00") == true)
    }
}
