import Testing
import UpgradeCore
import UpgradeModel

/// A node that is not in a state to be upgraded now: tried again, and in the end a failed precheck.
@Suite struct UnreadyStoryTests {
    private static let reason = "the node runs on battery at 17 %"

    @Test func itIsTriedAgainAndGoesOn() {
        for start in [SampleJob.planning, .downloading, .unpacking, .asking] {
            var job = start
            let (title, words) = (job.title, job.words)
            job.fail(.notYet, Self.reason)
            #expect(job.title.hasPrefix("paused"))
            #expect(job.state?.message == Self.reason)
            #expect(job.state?.status == start.state?.status)
            job.sleep()
            #expect(job.title == title)
            #expect(job.words == words)
        }
    }

    @Test func inTheEndThePrecheckHasFailedInEveryPhase() {
        for start in [SampleJob.planning, .downloading, .unpacking, .asking] {
            var job = start
            job.context.limits.retryTries = 3
            for _ in 0..<2 {
                job.fail(.notYet, Self.reason)
                job.sleep()
            }
            job.fail(.notYet, Self.reason)
            #expect(job.title == "ended (precheck failed)")
            #expect(job.reason == "given up after 3 tries: \(Self.reason)")
        }
    }

    @Test func whoWaitedForTheGroupSaysThatItWaitsForItselfNow() {
        var job = SampleJob.asking
        job.fail(.transient(retryAfter: nil), "n2 is being upgraded")
        job.sleep()
        #expect(job.title == "asking (again)")
        job.fail(.notYet, Self.reason)
        #expect(job.words.suffix(2) == [.haNodeWaiting, .downloaded])
        #expect(job.reason == Self.reason)
        #expect(job.state?.status == .downloaded)
    }
}
