import UpgradeModel

/// One kind of event, made to fit any state: "planned, of an earlier run" is another event in each state.
package struct SampleEvent: Sendable {
    /// Everything that a transition is decided by.
    package struct Situation: Sendable {
        /// The sample state, brought to the point where the event makes its difference (one failure before the last, and so on).
        package var state: JobState?
        /// What happens.
        package var event: JobEvent
        /// When, and under which limits.
        package var context: JobContext
    }

    /// What happens, in words.
    package let name: String
    /// For the drawing, where circumstances do not matter.
    package let short: String
    private let make: @Sendable (JobState?) -> JobEvent
    private let prepare: @Sendable (inout Situation) -> Void

    /// An event, its name for the drawing where that is shorter, and what its circumstances change.
    init(
        _ name: String, short: String? = nil, prepare: @escaping @Sendable (inout Situation) -> Void = { _ in },
        _ make: @escaping @Sendable (JobState?) -> JobEvent
    ) {
        self.name = name
        self.short = short ?? name
        self.make = make
        self.prepare = prepare
    }

    /// The event in this state.
    package func situation(in state: JobState?) -> Situation {
        let context = JobContext(
            now: SampleStates.now, freshTicket: SampleStates.freshTicket, chance: 0, currentRelease: 1, freshRelease: 2, limits: JobLimits()
        )
        var situation = Situation(state: state, event: make(state), context: context)
        prepare(&situation)
        return situation
    }

    /// Every event in every circumstance that may matter.
    package static let all: [SampleEvent] = requests + answers + failures + times + records
}

extension SampleEvent {
    private static var requests: [SampleEvent] {
        [
            SampleEvent("matched") { _ in .matched(SampleStates.terms, lastUpdated: nil) },
            SampleEvent("matched, edited", short: "edited") { _ in .matched(SampleStates.editedTerms, lastUpdated: nil) },
            SampleEvent("matched, start unreadable", short: "start unreadable") { _ in
                .matched(SampleStates.unreadableTerms, lastUpdated: nil)
            },
            SampleEvent("matched, database lost", short: "database lost", prepare: { $0.context.memoryLost = "database lost" }) { _ in
                .matched(SampleStates.terms, lastUpdated: nil)
            },
            SampleEvent("published, nothing newer", short: "published") { _ in .published(SampleStates.offered("1.0.0")) },
            SampleEvent("published, newer", prepare: { $0.state = $0.state.following("1.0.0") }) { _ in
                .published(SampleStates.offered("2.0.0"))
            },
            SampleEvent("published, newer, failed here", short: "published", prepare: SampleEvent.failedHere) { _ in
                .published(SampleStates.offered("2.0.0"))
            },
            SampleEvent("unmatched") { _ in .unmatched(reason: "the policy is disabled") },
            SampleEvent("reset") { _ in .reset },
            SampleEvent("held") { _ in .held(reason: SampleStates.hold) },
            SampleEvent("held, known", short: "held", prepare: { $0.state = $0.state.held }) { _ in .held(reason: SampleStates.hold) },
            SampleEvent("released") { _ in .released },
            SampleEvent("chosen", prepare: { $0.context.now = SampleStates.scheduled }) { _ in .chosen },
            SampleEvent("chosen, held", short: "chosen", prepare: { $0.context.hold = SampleStates.hold }) { _ in .chosen },
        ]
    }

    /// Every answer of a procedure, of every run that it may come from.
    private static var answers: [SampleEvent] {
        let kinds: [(name: String, make: @Sendable (RunID) -> JobEvent)] = [
            ("planned", { .planned($0, SampleStates.plan) }),
            ("nothing to do", { .nothingToDo($0, reason: "nothing newer is offered", versions: [.software: "1.0.0"]) }),
            ("fetched", { .fetched($0) }),
            ("unpacked", { .unpacked($0) }),
            ("turn granted", { .turnGranted($0, group: nil) }),
            ("failed", { .procedureFailed($0, ProcedureFailure(.transient(retryAfter: nil), "no route to the hub")) }),
        ]
        return kinds.flatMap { kind in
            [
                SampleEvent(kind.name) { kind.make($0.presentRun) },
                SampleEvent("\(kind.name), earlier run") { kind.make(RunID(ticket: $0.presentTicket, run: $0.presentRun.run - 1)) },
                SampleEvent("\(kind.name), other attempt") { kind.make(RunID(ticket: SampleStates.otherTicket, run: $0.presentRun.run)) },
                SampleEvent("\(kind.name), run not begun") { kind.make(RunID(ticket: $0.presentTicket, run: $0.presentRun.run + 1)) },
            ]
        }
    }

    private static var failures: [SampleEvent] {
        [
            failure("failed, hub asks for patience", .transient(retryAfter: .seconds(7200))),
            failure("failed, tries spent", short: "tries spent", .transient(retryAfter: nil)) { $0.context.limits.retryTries = 1 },
            failure("not ready", short: "failed", .notYet),
            failure("not ready, tries spent", short: "tries spent", .notYet) { $0.context.limits.retryTries = 1 },
            failure("not believed", short: "failed", .distrusted),
            failure("not believed again", short: "not believed twice", .distrusted) { $0.state = $0.state.distrustedOnce },
        ]
            + Ending.Outcome.allCases.filter { $0 == .precheckFailed || $0 == .downloadFailed }.map {
                failure("failed for good (\(StateTable.spaced($0.rawValue)))", short: "failed for good", .final($0))
            }
    }

    private static func failure(
        _ name: String, short: String = "failed", _ kind: ProcedureFailure.Kind,
        prepare: @escaping @Sendable (inout Situation) -> Void = { _ in }
    ) -> SampleEvent {
        SampleEvent(name, short: short, prepare: prepare) { .procedureFailed($0.presentRun, ProcedureFailure(kind, "a reason")) }
    }

    private static var times: [SampleEvent] {
        [
            SampleEvent("woke for an earlier state", short: "woke") { _ in .woke(SampleStates.now.adding(.seconds(-1))) },
            SampleEvent("woke") { .woke($0?.wake ?? SampleStates.now) },
            SampleEvent("woke, tries spent", short: "woke", prepare: { $0.context.limits.retryTries = 1 }) {
                .woke($0?.wake ?? SampleStates.now)
            },
            SampleEvent("woke, held", short: "woke", prepare: { $0.context.hold = SampleStates.hold }) {
                .woke($0?.wake ?? SampleStates.now)
            },
            SampleEvent("restarted") { _ in .restarted },
            SampleEvent("restarted, runs spent", short: "runs spent", prepare: { $0.context.limits.runsMax = SampleStates.run }) { _ in
                .restarted
            },
        ]
    }

    @Sendable private static func failedHere(_ situation: inout Situation) {
        situation.state = situation.state.following("1.0.0")
        situation.context.failedVersions = [ComponentVersion(component: .software, version: "2.0.0")]
    }

    /// Every record of the installer, new, taken in before, and of another attempt.
    private static var records: [SampleEvent] {
        let kinds: [(name: String, record: InstallerRecord)] = [
            ("cancelled", .cancelled), ("refused", .refused(reason: "too little space")), ("switch intended", .switchIntended),
            ("switched", .switched), ("committed", .committed(at: SampleStates.now)),
            ("rollback intended", .rollbackIntended(cause: "not ready", at: SampleStates.now)),
            ("rolled back", .rolledBack(at: SampleStates.now)),
            ("rollback failed", .rollbackFailed(cause: "the old release does not start", at: SampleStates.now)),
        ]
        return kinds.flatMap { kind in
            [
                SampleEvent(kind.name) { .recorded($0.presentTicket, number: ($0?.handover?.lastRecord ?? 0) + 1, kind.record) },
                SampleEvent("\(kind.name), again") { .recorded($0.presentTicket, number: $0?.handover?.lastRecord ?? 0, kind.record) },
                SampleEvent("\(kind.name), other attempt") { .recorded(SampleStates.otherTicket, number: $0.laterNumber, kind.record) },
            ]
        } + [
            SampleEvent("reclaimed") { .reclaimed($0.presentTicket, reason: "the installer did not begin in time") },
            SampleEvent("reclaimed, other attempt") { _ in .reclaimed(SampleStates.otherTicket, reason: "too late") },
        ]
    }
}

extension JobState? {
    /// The job's own ticket, or the one that it had.
    var presentTicket: Ticket { self?.ticket ?? SampleStates.ticket }

    /// The run that is under way, or the last one that was.
    var presentRun: RunID {
        switch self {
        case .planning(_, let attempt), .downloading(_, let attempt, _), .unpacking(_, let attempt, _), .asking(_, let attempt, _, _),
            .paused(_, let attempt, _):
            attempt.runID
        case nil, .waiting, .handedOver, .cancelling, .onTrial, .rollingBack, .rollbackFailed, .ended, .quarantined:
            RunID(ticket: presentTicket, run: SampleStates.run)
        }
    }

    fileprivate var laterNumber: Int { (self?.handover?.lastRecord ?? 0) + 1 }

    /// The same job, if it has ended, with a manifest that says `latest`, which meant this version.
    fileprivate func following(_ software: String) -> JobState? {
        guard case .ended(var facts, let ending) = self else { return self }
        facts.latest = [.software: software]
        return .ended(facts, ending)
    }

    /// The same, if it waits for its next try, waiting for a hold instead.
    fileprivate var held: JobState? {
        guard case .paused(let facts, let attempt, var pause) = self else { return self }
        pause.reason = SampleStates.hold
        return .paused(facts, attempt, pause)
    }

    /// The same after fetched bytes were not believed before.
    fileprivate var distrustedOnce: JobState? {
        func marked(_ attempt: Attempt) -> Attempt {
            var attempt = attempt
            attempt.distrusts += 1
            return attempt
        }
        switch self {
        case .planning(let facts, let attempt): return .planning(facts, marked(attempt))
        case .downloading(let facts, let attempt, let plan): return .downloading(facts, marked(attempt), plan)
        case .unpacking(let facts, let attempt, let plan): return .unpacking(facts, marked(attempt), plan)
        case .asking(let facts, let attempt, let plan, let refusal): return .asking(facts, marked(attempt), plan, refusal: refusal)
        case .paused(let facts, let attempt, let pause): return .paused(facts, marked(attempt), pause)
        case nil, .waiting, .handedOver, .cancelling, .onTrial, .rollingBack, .rollbackFailed, .ended, .quarantined: return self
        }
    }
}
