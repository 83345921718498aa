import UpgradeCore
import UpgradeModel

/// One policy's job in a world that does everything that is possible, in any order: answers come late, twice or never, processes die,
/// policies change, installers race with requests. Only what the engine never does is left out: requests beyond the switch, a choice
/// before the start.
struct RandomWorld {
    private(set) var state: JobState?
    private(set) var counts = Counts()
    private(set) var violations: [String] = []
    private var context: JobContext
    private var generator: SeededGenerator
    private var answers: [(run: RunID, kind: Kind)] = []
    private var pastRuns: [RunID] = []
    private var installers: [SimInstaller] = []
    private var tickets: UInt64 = 0
    private var told: Status?

    /// How often the machine gave each answer.
    struct Counts: Hashable {
        var moved = 0
        var unchanged = 0
        var stale = 0
        var endings: Set<Ending.Outcome> = []
    }

    private enum Kind { case plan, fetch, unpack, ask }

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        context = JobContext(
            now: SampleJob.beginning, freshTicket: Ticket(high: 0, low: 0), chance: 0, currentRelease: 1, freshRelease: 2,
            limits: JobLimits())
        context.limits.retryTries = 4
    }

    /// One event, chosen by chance.
    mutating func step() { happen(anything()) }

    /// Everything that can be done right is done right from now on; false if the job does not come to rest within the steps.
    mutating func comesToRest(within steps: Int) -> Bool {
        for _ in 0..<steps {
            if state == nil || state?.isResting == true { return true }
            happen(nextGood())
        }
        return false
    }

    // MARK: Taking in

    private mutating func happen(_ event: JobEvent?) {
        guard let event else { return }
        tickets += 1
        context.freshTicket = Ticket(high: 1, low: tickets)
        context.chance = generator.next()
        let answer = JobMachine.transition(state, event, context)
        violations += JobInvariants.violations(state, event, answer)
        switch answer {
        case .unchanged: counts.unchanged += 1
        case .stale: counts.stale += 1
        case .rejected(let why): violations.append("rejected in a legal world: \(event) while \(StateTable.title(state).text): \(why)")
        case .moved(let move): take(move)
        }
        if event == .restarted { answers = [] }
    }

    private mutating func take(_ move: Move) {
        counts.moved += 1
        state = move.state
        if case .ended(_, let ending)? = state { counts.endings.insert(ending.outcome) }
        told = move.state == nil ? nil : move.owed.words.last ?? told
        if told != state?.status {
            violations.append("the exchange was told \(String(describing: told)), the state says \(StateTable.title(state).text)")
        }
        for effect in move.effects { carryOut(effect) }
        if let run = state?.presentRun, pastRuns.last != run { pastRuns.append(run) }
    }

    private mutating func carryOut(_ effect: JobEffect) {
        switch effect {
        case .plan(let run, _): answers.append((run, .plan))
        case .fetch(let run, _): answers.append((run, .fetch))
        case .unpack(let run, _): answers.append((run, .unpack))
        case .askTurn(let run): answers.append((run, .ask))
        // A stopped procedure may just have answered.
        case .stopProcedure(let ticket): if generator.happens(50) { answers.removeAll { $0.run.ticket == ticket } }
        case .handOver(let handover):
            if !installers.contains(where: { $0.ticket == handover.ticket }) { installers.append(SimInstaller(ticket: handover.ticket)) }
        case .requestCancel(let ticket): change(ticket) { $0.isCancelAsked = true }
        case .reclaim(let ticket): if generator.happens(50) { change(ticket) { $0.takeBack() } }
        case .removeFolder(let ticket): change(ticket) { $0.isGone = true }
        case .evaluate: break
        }
    }

    private mutating func change(_ ticket: Ticket, _ body: (inout SimInstaller) -> Void) {
        for index in installers.indices where installers[index].ticket == ticket { body(&installers[index]) }
    }

    // MARK: What may happen

    private mutating func anything() -> JobEvent? {
        if generator.happens(70) { context.now = context.now.adding(.seconds(Int64(generator.next() % 3000))) }
        // Clocks of small machines jump.
        if generator.happens(2) { context.now = SampleJob.beginning.adding(.seconds(generator.happens(50) ? -1_500_000_000 : 300_000_000)) }
        if generator.happens(4) { return heldOrReleased() }
        switch generator.pick(20) {
        case 0, 1: return .matched(someTerms(), lastUpdated: nil)
        case 2: return state?.isBeyondSwitch == true ? nil : .unmatched(reason: "gone")
        case 3: return state?.isBeyondSwitch == true || generator.happens(50) ? nil : .reset
        case 4, 5: return .woke(context.now)
        case 6:
            // Now and then the start finds the memory gone, or found again.
            if state == nil { context.memoryLost = generator.happens(30) ? "database lost" : nil }
            return .restarted
        case 7:
            return overdue()
        case 8, 9, 10: return choice()
        case 11, 12, 13, 14: return answer(good: false)
        case 15, 16, 17, 18: return installerSpeaks(good: false)
        default: return lateAnswer()
        }
    }

    private mutating func nextGood() -> JobEvent? {
        if let taken = takenBack() { return taken }
        if context.hold != nil { return heldOrReleased() }
        switch state {
        case .waiting?:
            context.now = max(context.now, state?.wake ?? context.now)
            return .chosen
        case .planning?, .downloading?, .unpacking?, .asking?: return answer(good: true) ?? overdue()
        case .paused?: return overdue()
        case .handedOver?, .cancelling?, .onTrial?, .rollingBack?, .rollbackFailed?: return installerSpeaks(good: true) ?? overdue()
        case nil, .ended?, .quarantined?: return nil
        }
    }

    /// The engine sets or lifts the hold in the transaction in which the job hears of it.
    private mutating func heldOrReleased() -> JobEvent {
        context.hold = context.hold == nil ? "held by root" : nil
        return context.hold.map { .held(reason: $0) } ?? .released
    }

    private mutating func overdue() -> JobEvent {
        guard let wake = state?.wake else { return .woke(context.now) }
        // The clock may have been set back since.
        if generator.happens(90) { context.now = max(context.now, wake) }
        return .woke(wake)
    }

    private mutating func someTerms() -> JobTerms {
        guard generator.happens(10) else { return SampleJob.terms }
        return generator.happens(20) ? SampleStates.unreadableTerms : SampleStates.editedTerms
    }

    private func choice() -> JobEvent? {
        guard case .waiting(let facts)? = state, facts.scheduled <= context.now else { return nil }
        return .chosen
    }

    private mutating func answer(good: Bool) -> JobEvent? {
        guard !answers.isEmpty else { return nil }
        let (run, kind) = answers[generator.pick(answers.count)]
        // Some answers are delivered twice.
        if generator.happens(90) { answers.removeAll { $0.run == run } }
        if !good, generator.happens(35) { return .procedureFailed(run, ProcedureFailure(someFailure(), "a reason")) }
        switch kind {
        case .plan: return !good && generator.happens(10) ? .nothingToDo(run, reason: "", versions: [:]) : .planned(run, SampleJob.plan)
        case .fetch: return .fetched(run)
        case .unpack: return .unpacked(run)
        case .ask: return .turnGranted(run, group: generator.happens(50) ? "group" : nil)
        }
    }

    private mutating func someFailure() -> ProcedureFailure.Kind {
        switch generator.pick(7) {
        case 6: .notYet
        case 0: .final(generator.happens(50) ? .downloadFailed : .precheckFailed)
        case 1: .distrusted
        case 2: .transient(retryAfter: .seconds(Int64(generator.next() % 100_000)))
        default: .transient(retryAfter: nil)
        }
    }

    /// Any answer of a run that is over.
    private mutating func lateAnswer() -> JobEvent? {
        guard pastRuns.count > 1 else { return nil }
        let run = pastRuns[generator.pick(pastRuns.count - 1)]
        switch generator.pick(5) {
        case 0: return .planned(run, SampleJob.plan)
        case 1: return .fetched(run)
        case 2: return .unpacked(run)
        case 3: return .turnGranted(run, group: nil)
        default: return .procedureFailed(run, ProcedureFailure(.distrusted, "late"))
        }
    }

    /// The engine reads records in order, from the first one again after a restart, up to the newest.
    private mutating func installerSpeaks(good: Bool) -> JobEvent? {
        if let taken = takenBack() { return taken }
        guard !installers.isEmpty else { return nil }
        let index = good || generator.happens(80) ? installers.count - 1 : generator.pick(installers.count)
        let repeats = !good && generator.happens(20)
        return installers[index].speak(&generator, at: context.now, good: good, repeats: repeats)
    }

    private mutating func takenBack() -> JobEvent? {
        guard let index = installers.firstIndex(where: \.isTakenBack) else { return nil }
        installers[index].isTakenBack = false
        return .reclaimed(installers[index].ticket, reason: "taken back")
    }
}

/// An installer that only ever writes what install.md allows, and a journal that is read in order.
struct SimInstaller {
    let ticket: Ticket
    var isCancelAsked = false
    var isTakenBack = false
    var isGone = false
    private var records: [InstallerRecord] = []
    private var read = 0

    init(ticket: Ticket) { self.ticket = ticket }

    /// Under the lock: only when nothing was switched.
    mutating func takeBack() {
        guard records.isEmpty, !isGone else { return }
        isGone = true
        isTakenBack = true
    }

    /// A record that the agent has not seen, or one that it has.
    mutating func speak(_ generator: inout SeededGenerator, at now: UTCInstant, good: Bool, repeats: Bool) -> JobEvent? {
        if repeats, read > 0 {
            let number = generator.pick(read)
            return .recorded(ticket, number: number + 1, records[number])
        }
        if read == records.count, let next = next(&generator, at: now, good: good) { records.append(next) }
        guard read < records.count else { return nil }
        read += 1
        return .recorded(ticket, number: read, records[read - 1])
    }

    private func next(_ generator: inout SeededGenerator, at now: UTCInstant, good: Bool) -> InstallerRecord? {
        switch records.last {
        case nil:
            if isGone { return nil }
            // The last look for `cancel` may come just before the file does.
            if isCancelAsked, good || generator.happens(60) { return .cancelled }
            return !good && generator.happens(15) ? .refused(reason: "no") : .switchIntended
        case .switchIntended: return !good && generator.happens(20) ? .switchIntended : .switched
        case .switched:
            if !good, generator.happens(40) { return .rollbackIntended(cause: "not ready", at: now) }
            return !good && generator.happens(20) ? .switched : .committed(at: now)
        case .rollbackIntended, .rollbackFailed:
            return !good && generator.happens(40) ? .rollbackFailed(cause: "no", at: now) : .rolledBack(at: now)
        case .cancelled, .refused, .committed, .rolledBack: return nil
        }
    }
}
