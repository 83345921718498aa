import Testing
import UpgradeCore
import UpgradeModel

/// Where an interrupted installation goes on, after every record of every way that an installation can take.
@Suite struct JournalReadingTests {
    typealias Stop = (step: JournalRecord.Step, phase: JournalReading.Phase)

    private static let begun: [Stop] = [(.begun(oldRelease: 1, newRelease: 2, format: 1), .preparing), (.stopIntended, .preparing)]
    private static let switched: [Stop] = begun + [(.switchIntended, .switching), (.switched, .trial(starts: 0, wasReady: false))]
    private static let started: [Stop] = switched + [(.startIntended(attempt: 1), .trial(starts: 1, wasReady: false))]
    private static let ready: [Stop] = started + [(.ready, .trial(starts: 1, wasReady: true))]
    private static let goingBack: [Stop] = started + [(.rollbackIntended(cause: "first"), .rollingBack(cause: "first", failed: false))]

    static let ways: [String: [Stop]] = [
        "good": ready + [(.commitIntended, .committing), (.committed, .final)],
        "cancelled": begun + [(.cancelled, .final)],
        "refused": begun + [(.refused(reason: "no"), .final)],
        "refused at once": [begun[0], (.refused(reason: "no"), .final)],
        "interrupted before the switch": begun + begun.suffix(1) + [(.switchIntended, .switching)],
        "interrupted between switch-intended and switched": begun + [
            (.switchIntended, .switching), (.stopIntended, .switching), (.switchIntended, .switching),
            (.switched, .trial(starts: 0, wasReady: false)),
        ],
        "three starts": started + [
            (.startIntended(attempt: 2), .trial(starts: 2, wasReady: false)),
            (.startIntended(attempt: 3), .trial(starts: 3, wasReady: false)),
            (.rollbackIntended(cause: "never ready"), .rollingBack(cause: "never ready", failed: false)), (.rolledBack, .final),
        ],
        "starts are counted beyond a repeated switch": started + [
            (.switched, .trial(starts: 1, wasReady: false)), (.startIntended(attempt: 2), .trial(starts: 2, wasReady: false)),
        ],
        "rolled back from a ready trial": ready + [
            (.rollbackIntended(cause: "health"), .rollingBack(cause: "health", failed: false)), (.rolledBack, .final),
        ],
        "rolled back before a start": switched + [(.rollbackIntended(cause: "late"), .rollingBack(cause: "late", failed: false))],
        "rollback failed, then recovered": goingBack + [
            (.rollbackFailed(cause: "second"), .rollingBack(cause: "first", failed: true)),
            (.rollbackFailed(cause: "third"), .rollingBack(cause: "first", failed: true)), (.rolledBack, .final),
        ],
    ]

    @Test(arguments: ways.keys.sorted())
    func everyPrefixHasItsPhase(_ name: String) throws {
        let way = try #require(JournalReadingTests.ways[name])
        for length in 1...way.count {
            let reading = read(way.prefix(length).map(\.step))
            #expect(reading.phase == way[length - 1].phase, "\(name), \(length) records")
            #expect(reading.isFinal == (reading.phase == .final))
            #expect(reading.releases?.old == 1 && reading.releases?.new == 2)
            let isSwitchIntended = way.prefix(length).contains { $0.step == .switchIntended }
            #expect(reading.isBeyondSwitch == (isSwitchIntended && !reading.isFinal), "\(name), \(length) records")
        }
    }

    @Test func anEmptyJournalIsAJobThatHasNotBegun() {
        let reading = JournalReading([])
        #expect(reading.phase == .preparing)
        #expect(reading.releases == nil)
        #expect(!reading.isFinal && !reading.isBeyondSwitch)
        #expect(reading.firstCause == "")
    }

    @Test func theFirstCauseIsKept() {
        let way = JournalReadingTests.goingBack.map(\.step) + [.rollbackFailed(cause: "second")]
        #expect(read(way).firstCause == "first")
    }

    @Test func theMachineTakesEveryWayWithoutAWordOfProtest() throws {
        for (name, way) in JournalReadingTests.ways {
            var job = SampleJob.handedOver
            let ticket = job.ticket
            for (index, stop) in way.enumerated() {
                let record = JournalRecord(number: index + 1, at: job.context.now, step: stop.step)
                #expect(record.isFinal == (stop.phase == .final), "\(name)")
                guard let event = record.event else { continue }
                job.send(.recorded(ticket, number: record.number, event))
                #expect(!job.answer.isRejected && !job.answer.isStale, "\(name), record \(record.number)")
            }
            let reading = read(way.map(\.step))
            #expect(reading.isBeyondSwitch == (job.state?.isBeyondSwitch == true), "\(name)")
            #expect(reading.isFinal == (job.state?.handover == nil), "\(name)")
        }
    }

    private func read(_ steps: [JournalRecord.Step]) -> JournalReading {
        JournalReading(
            steps.enumerated().map { JournalRecord(number: $0.offset + 1, at: SampleJob.beginning, step: $0.element) })
    }
}
