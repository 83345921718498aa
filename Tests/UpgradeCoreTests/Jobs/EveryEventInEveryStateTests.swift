import Testing
import UpgradeCore
import UpgradeModel

/// The whole table, cell by cell.
@Suite struct EveryEventInEveryStateTests {
    @Test(arguments: SampleEvent.all.indices)
    func keepsTheRules(_ index: Int) {
        for cell in StateTable.row(SampleEvent.all[index]) {
            let found = JobInvariants.violations(cell.situation.state, cell.situation.event, cell.answer)
            #expect(found.isEmpty, "\(cell.sample.name) while \(StateTable.title(cell.from).text): \(found)")
        }
    }

    /// The samples cover the enums: a case that is added must be added here, or this does not compile, and to the samples, or it fails.
    @Test func leavesOutNoStateAndNoEvent() {
        let states = Set(SampleStates.all.map(number))
        #expect(states == Set(0...13))
        let situations = SampleEvent.all.map { $0.situation(in: SampleStates.all[2]) }
        #expect(Set(situations.map { number($0.event) }) == Set(0...16))
        #expect(Set(situations.compactMap { $0.event.record }.map(number)) == Set(0...7))
        #expect(Set(situations.compactMap { $0.event.failure }.map(number)) == Set(0...3))
    }

    @Test func leavesOutNoVariant() {
        let titles = SampleStates.all.map { StateTable.title($0).text }
        #expect(Set(titles).count == titles.count)
        for outcome in Ending.Outcome.allCases {
            #expect(SampleStates.all.contains { if case .ended(_, let ending)? = $0 { ending.outcome == outcome } else { false } })
        }
        for variant in [
            "paused (planning)", "paused (downloading)", "paused (unpacking)", "paused (asking)", "paused (before asking)",
            "asking (again)", "cancelling (to wait)",
            "cancelling (to vanish)",
        ] {
            #expect(titles.contains(variant))
        }
    }

    /// Time moves every state on that can wait for ever otherwise.
    @Test func wakesMoveWhatTheyAreFor() throws {
        let woke = try #require(SampleEvent.all.first { $0.name == "woke" })
        for cell in StateTable.row(woke) {
            guard let state = cell.from, let wake = state.wake, wake > SampleStates.scheduled else { continue }
            #expect(cell.answer.move != nil, "\(state)")
        }
        let early = try #require(SampleEvent.all.first { $0.name == "woke for an earlier state" })
        for cell in StateTable.row(early) where cell.from != nil { #expect(cell.answer == .unchanged) }
    }

    /// Rejections are few, and all of them name something that cannot happen.
    @Test func rejectsOnlyWhatCannotHappen() {
        let rejected = StateTable.walk().filter(\.answer.isRejected)
        #expect(!rejected.isEmpty)
        for cell in rejected {
            switch cell.situation.event {
            case .chosen: #expect(cell.from?.isActive == true || cell.from?.status == .unknown)
            case .planned, .nothingToDo, .fetched, .unpacked, .turnGranted, .procedureFailed: #expect(cell.from?.attempt != nil)
            case .recorded: #expect(cell.from?.handover != nil)
            case .reclaimed, .reset, .unmatched: #expect(cell.from?.isBeyondSwitch == true)
            case .matched, .woke, .published, .held, .released, .restarted:
                Issue.record("\(cell.sample.name) was rejected while \(StateTable.title(cell.from).text)")
            }
        }
    }

    private func number(_ state: JobState?) -> Int {
        switch state {
        case nil: 0
        case .waiting: 1
        case .planning: 2
        case .downloading: 3
        case .unpacking: 4
        case .paused: 5
        case .handedOver: 6
        case .cancelling: 7
        case .onTrial: 8
        case .rollingBack: 9
        case .rollbackFailed: 10
        case .ended: 11
        case .quarantined: 12
        case .asking: 13
        }
    }

    private func number(_ event: JobEvent) -> Int {
        switch event {
        case .matched: 0
        case .unmatched: 1
        case .chosen: 2
        case .planned: 3
        case .nothingToDo: 4
        case .fetched: 5
        case .unpacked: 6
        case .procedureFailed: 7
        case .woke: 8
        case .recorded: 9
        case .reclaimed: 10
        case .reset: 11
        case .restarted: 12
        case .published: 13
        case .turnGranted: 14
        case .held: 15
        case .released: 16
        }
    }

    private func number(_ record: InstallerRecord) -> Int {
        switch record {
        case .cancelled: 0
        case .refused: 1
        case .switchIntended: 2
        case .switched: 3
        case .committed: 4
        case .rollbackIntended: 5
        case .rolledBack: 6
        case .rollbackFailed: 7
        }
    }

    private func number(_ failure: ProcedureFailure) -> Int {
        switch failure.kind {
        case .transient: 0
        case .distrusted: 1
        case .final: 2
        case .notYet: 3
        }
    }
}

extension JobEvent {
    fileprivate var record: InstallerRecord? { if case .recorded(_, _, let record) = self { record } else { nil } }
    fileprivate var failure: ProcedureFailure? { if case .procedureFailed(_, let failure) = self { failure } else { nil } }
}
