import Testing
import UpgradeCore
import UpgradeModel

/// What the records of a job say as it goes on.
@Suite struct OperationRuleTests {
    /// A job with its records, as a store would hold them.
    private struct Recorded {
        var job = SampleJob()
        var records: [Operation] = []

        mutating func send(_ event: JobEvent) {
            job.send(event)
            guard case .moved(let move) = job.answer else { return }
            let step = OperationRule.Step(
                policy: PolicyID(org: "o", name: "p"), event: event, after: move.state, note: move.note, now: job.context.now,
                open: records.filter(\.stage.isOpen))
            for record in OperationRule.records(step) {
                records.removeAll { $0.id == record.id }
                records.append(record)
            }
        }

        mutating func pass(_ seconds: Int) { job.context.now = job.context.now.adding(.seconds(seconds)) }

        mutating func record(_ number: Int, _ record: InstallerRecord) { send(.recorded(job.ticket, number: number, record)) }

        /// To the hand-over, a second for each step.
        mutating func handOver() {
            for event in [
                JobEvent.matched(SampleJob.terms, lastUpdated: nil), .chosen,
            ] { send(event); pass(1) }
            send(.planned(job.run, SampleJob.plan)); pass(1)
            send(.fetched(job.run)); pass(1)
            send(.unpacked(job.run)); pass(1)
            send(.turnGranted(job.run, group: "g")); pass(1)
        }

        var told: [String] { records.map { "\($0.activity) \($0.stage)\($0.details.isEmpty ? "" : ": ")\($0.details)" } }
    }

    @Test func `a good upgrade`() {
        var job = Recorded()
        job.handOver()
        job.record(1, .switchIntended)
        job.pass(1)
        job.record(2, .switched)
        job.pass(60)
        job.record(3, .committed(at: job.job.context.now))
        #expect(
            job.told == [
                "match completed: New node management policy status created.", "start completed", "plan completed: 0 files, 0 bytes",
                "download completed",
                "verify completed: lengths, digests and signatures are as expected", "unpack completed",
                "turn completed: the turn of group g",
                "install completed", "health completed",
            ])
        #expect(job.records.map { $0.time / .seconds(1) } == [0, 1, 1, 1, 1, 1, 1, 1, 60])
        #expect(Set(job.records.map(\.id)).count == job.records.count)
    }

    @Test func `an upgrade that goes back`() {
        var job = Recorded()
        job.handOver()
        job.record(1, .switchIntended)
        job.record(2, .switched)
        job.record(3, .rollbackIntended(cause: "sick", at: job.job.context.now))
        #expect(job.told.suffix(3) == ["install completed", "health exception: sick", "rollback running: sick"])
        job.record(4, .rolledBack(at: job.job.context.now))
        #expect(job.told.last == "rollback completed")
        #expect(job.records.allSatisfy { !$0.stage.isOpen })
    }

    @Test func `a switch that fails before anything is proved`() {
        var job = Recorded()
        job.handOver()
        job.record(1, .switchIntended)
        #expect(job.told.last == "install running")
        job.record(2, .rollbackIntended(cause: "no space", at: job.job.context.now))
        #expect(job.told.suffix(2) == ["install exception: no space", "rollback running: no space"])
    }

    @Test func `a rollback that fails is tried on`() {
        var job = Recorded()
        job.handOver()
        job.record(1, .switchIntended)
        job.record(2, .rollbackIntended(cause: "sick", at: job.job.context.now))
        job.record(3, .rollbackFailed(cause: "no start", at: job.job.context.now))
        #expect(
            job.told.suffix(2) == [
                "rollback exception: no start", "rollback running: the installer keeps trying the old version: sick; no start",
            ])
        job.record(4, .rolledBack(at: job.job.context.now))
        #expect(job.told.last == "rollback completed")
    }

    @Test func `a repeated proof goes on with the first one's record`() {
        var job = Recorded()
        job.handOver()
        job.record(1, .switchIntended)
        job.record(2, .switched)
        let count = job.records.count
        job.pass(5)
        job.record(3, .switchIntended)
        job.record(4, .switched)
        #expect(job.records.count == count && job.told.last == "health running")
    }

    @Test func `a failed try is one record and the next try another`() {
        var job = Recorded()
        job.send(.matched(SampleJob.terms, lastUpdated: nil))
        job.send(.chosen)
        job.send(.procedureFailed(job.job.run, ProcedureFailure(.transient(retryAfter: nil), "no route")))
        #expect(job.records[2].stage == .exception && job.records[2].details == "no route")
        #expect(job.records[3].stage == .queued && job.records[3].details.hasPrefix("next try at 2027-"))
        job.job.context.now = job.job.state?.wake ?? job.job.context.now
        job.send(.woke(job.job.context.now))
        #expect(job.told.suffix(1) == ["plan running"])
        #expect(job.records.last?.begun == job.job.context.now)
        #expect(job.records.count == 4)
    }

    @Test func `bytes that are not believed`() {
        var job = Recorded()
        job.send(.matched(SampleJob.terms, lastUpdated: nil))
        job.send(.chosen)
        job.send(.planned(job.job.run, SampleJob.plan))
        job.send(.procedureFailed(job.job.run, ProcedureFailure(.distrusted, "wrong digest")))
        #expect(job.told.contains("verify exception: wrong digest") && job.told.contains("download exception: wrong digest"))
    }

    @Test func `a reset waits anew, and the record of the first wait stays`() {
        var job = Recorded()
        job.send(.matched(SampleJob.terms, lastUpdated: nil))
        job.send(.chosen)
        job.pass(5)
        job.send(.reset)
        let starts = job.records.filter { $0.activity == .start }
        #expect(starts.map(\.stage) == [.completed, .queued] && Set(starts.map(\.id)).count == 2)
        job.pass(5)
        job.send(.reset)
        #expect(job.records.filter { $0.activity == .start }.count == 2, "it still waits")
    }

    @Test func `all questions for a turn are one record`() {
        var job = Recorded()
        job.send(.matched(SampleJob.terms, lastUpdated: nil))
        job.send(.chosen)
        job.send(.planned(job.job.run, SampleJob.plan))
        job.send(.fetched(job.job.run))
        job.send(.unpacked(job.job.run))
        for _ in 1...3 {
            job.send(.procedureFailed(job.job.run, ProcedureFailure(.transient(retryAfter: nil), "not yet")))
            job.job.context.now = job.job.state?.wake ?? job.job.context.now
            job.send(.woke(job.job.context.now))
        }
        #expect(job.records.count { $0.activity == .turn } == 1)
        #expect(job.told.last == "turn running: not yet")
    }

    @Test(arguments: [
        (JobEvent.unmatched(reason: "the policy was deleted"), "the policy was deleted"), (.reset, "reset"),
        (.restarted, "the agent was restarted"), (.held(reason: "held"), "held"),
    ])
    func `work that is given up is stopped, not failed`(_ event: JobEvent, _ why: String) {
        var job = Recorded()
        job.send(.matched(SampleJob.terms, lastUpdated: nil))
        job.send(.chosen)
        job.send(event)
        #expect(job.told.contains("plan stopped: \(why)"))
    }

    @Test func `a cancelled installation is stopped`() {
        var job = Recorded()
        job.handOver()
        job.send(.unmatched(reason: "gone"))
        #expect(job.told.last == "install queued: is being cancelled")
        job.record(1, .cancelled)
        #expect(job.told.contains("install stopped: cancelled before the switch"))
        #expect(job.records.allSatisfy { !$0.stage.isOpen })
    }
}
