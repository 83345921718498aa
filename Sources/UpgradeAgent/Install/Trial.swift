import UpgradeCore
import UpgradeModel
import UpgradePorts

/// The trial of a new release: start it, see it ready, run its health command, and weigh the hub against the old release. Only proofs of this
/// boot count: a resumed trial begins here again. Source: install.md, "Health and commit" and "After an interruption".
struct Trial {
    /// What the trial decides.
    enum Verdict: Sendable {
        case commit
        case rollBack(cause: String)
    }

    private enum Phase {
        case starting
        case waiting(last: String)
        case commanding(CommandID)
        case failedCommand
        case comparing(RelativeProbes, since: Duration)
        case hooking(HookRun)
        case probing
    }

    /// Starts without readiness after which a release is given up.
    static let startsMax = 3
    /// Failed runs of the health command, and deaths and refused starts after readiness, after which a release is given up.
    static let failuresMax = 3
    /// Between two tries of a program that cannot be started: what the system lacks now it may have in a moment.
    private static let refusedPause: Duration = .seconds(5)
    private static let look: Duration = .milliseconds(100)

    private static let readiness = "readiness"
    private static let healthCommand = "health command"
    private static let hub = "hub"

    private let handover: Handover
    private let facts: ReleaseFacts
    private let ports: InstallPorts
    private let allowed: Duration
    private var deadline: Duration
    private var starts: Int
    private var wasReady: Bool
    private var deaths = 0
    private var commandFailures = 0
    private var rounds = 0
    private var health: HealthRule
    private var phase = Phase.starting
    private var report: HealthReport
    private var book: HealthBook

    init(_ handover: Handover, facts: ReleaseFacts, starts: Int, wasReady: Bool, ports: InstallPorts) {
        self.handover = handover
        self.facts = facts
        self.ports = ports
        self.starts = starts
        self.wasReady = wasReady
        allowed = facts.descriptor?.health?.deadline ?? ports.settings.trialDeadline
        deadline = ports.clock.sinceBoot() + allowed
        health = HealthRule(replacesConnection: handover.plan.replacesConnection)
        report = HealthFile.read(handover.ticket, in: ports.tree) ?? HealthReport(ticket: handover.ticket, baseline: [])
        book = HealthBook(clock: ports.clock)
        book.begin(Trial.readiness)
    }

    /// One bounded piece of work. What the probes found is kept before the record that follows from it.
    mutating func step(_ journal: inout Journal) throws -> Step<Verdict> {
        let step = try advance(&journal)
        guard case .done(let verdict) = step else { return step }
        if case .commit = verdict { report.isGood = true } else { report.isGood = false }
        report.results = book.results
        HealthFile.keep(report, in: ports.tree)
        return step
    }

    private mutating func advance(_ journal: inout Journal) throws -> Step<Verdict> {
        switch phase {
        case .starting: return try start(&journal)
        case .waiting(let last): return try look(last, &journal)
        case .commanding(let id): return try watch(id)
        case .failedCommand: return beginCommand()
        case .comparing(var probes, let since): return comparing(&probes, since)
        case .hooking(var run): return hooking(&run)
        case .probing: return try probe()
        }
    }

    private mutating func start(_ journal: inout Journal) throws -> Step<Verdict> {
        if !wasReady {
            guard starts < Trial.startsMax else {
                return failed(Trial.readiness, "the new release was not ready in \(Trial.startsMax) starts")
            }
            starts += 1
            try journal.write(.startIntended(attempt: starts))
        }
        do {
            try ports.service.startAgent()
        } catch {
            guard error.kind == .refused else { throw error }
            let step = ended(error.explanation)
            if case .done = step { return step }
            return .sleep(Trial.refusedPause)
        }
        phase = .waiting(last: "it did not answer")
        return .again
    }

    private mutating func look(_ last: String, _ journal: inout Journal) throws -> Step<Verdict> {
        switch readiness() {
        case .ready:
            if !wasReady { try journal.write(.ready) }
            wasReady = true
            book.note(
                Trial.readiness, .passed, "it answered after \(starts) of \(Trial.startsMax) starts, and \(deaths) after it was ready")
            return beginCommand()
        case .died(let how):
            return ended(how)
        case .notYet(let why):
            if isOverdue { return missed(why) }
            phase = .waiting(last: why)
            return .sleep(Trial.look)
        }
    }

    private enum Readiness {
        case ready
        case notYet(String)
        case died(String)
    }

    /// The agent's word, compared with what the installer knows itself.
    private func readiness() -> Readiness {
        do {
            let evidence = try ports.contact.evidence()
            if evidence.bootID != ports.clock.bootID { return .notYet("it answered from another boot") }
            if evidence.release != handover.newRelease {
                return .notYet("release \(evidence.release) answered, expected \(handover.newRelease)")
            }
            if evidence.version != facts.software { return .notYet("it says version \(evidence.version), expected \(facts.software)") }
            if evidence.ticket != handover.ticket.text { return .notYet("it does not know that it is on trial") }
            return evidence.databaseTrouble.isEmpty ? .ready : .notYet("its database: \(evidence.databaseTrouble)")
        } catch {
            if case .stopped(let last)? = try? ports.service.agent() { return .died("it ended (\(last ?? "never ran"))") }
            return .notYet(error.explanation)
        }
    }

    private mutating func ended(_ how: String) -> Step<Verdict> { isOverdue ? missed(how) : restart(after: how) }

    private mutating func restart(after how: String) -> Step<Verdict> {
        if wasReady {
            deaths += 1
            if deaths >= Trial.failuresMax {
                return failed(Trial.readiness, "the new release ended or did not start \(deaths) times: \(how)")
            }
        } else if starts >= Trial.startsMax {
            return failed(Trial.readiness, "the new release was not ready in \(starts) starts: \(how)")
        }
        phase = .starting
        return .again
    }

    // MARK: Health command

    private mutating func beginCommand() -> Step<Verdict> {
        guard let command = facts.descriptor?.health?.command, let program = command.first, let path = TreePath(program) else {
            return compare()
        }
        book.begin(Trial.healthCommand)
        let software = ports.settings.stateFolder + "/" + Layout.software(handover.newRelease).text
        do {
            phase = .commanding(
                try ports.commands.begin(
                    Command(
                        executable: software + "/" + path.text, arguments: Array(command.dropFirst()), directory: software,
                        environment: ports.settings.environment, timeout: max(deadline - ports.clock.sinceBoot(), .milliseconds(100)))))
            return .again
        } catch {
            return commandFailed("could not be started: \(error)", "")
        }
    }

    private mutating func watch(_ id: CommandID) throws -> Step<Verdict> {
        switch ports.commands.poll(id) {
        case .running: return .sleep(Trial.look)
        case .exited(0, let output):
            book.note(Trial.healthCommand, .passed, "it ended well\(HookRun.heard(output))")
            return compare()
        case .exited(let code, let output): return commandFailed("failed: exit \(code)", output)
        case .signalled(let signal, let output): return commandFailed("failed: signal \(signal)", output)
        case .timedOut(let output): return failed(Trial.healthCommand, sentence("did not end within the deadline", output))
        }
    }

    private mutating func commandFailed(_ how: String, _ output: String) -> Step<Verdict> {
        commandFailures += 1
        if commandFailures >= Trial.failuresMax || isOverdue { return failed(Trial.healthCommand, sentence(how, output)) }
        phase = .failedCommand
        return .sleep(.milliseconds(500))
    }

    private func sentence(_ what: String, _ output: String) -> String {
        let command = facts.descriptor?.health?.command.joined(separator: " ") ?? ""
        return "the health command \(command) \(what)\(HookRun.heard(output))"
    }

    // MARK: Relative probes

    private mutating func compare() -> Step<Verdict> {
        let probes = RelativeProbes(report.baseline, of: handover.ticket, release: handover.newRelease, ports: ports)
        phase = .comparing(probes, since: ports.clock.sinceBoot())
        return .again
    }

    private mutating func comparing(_ probes: inout RelativeProbes, _ since: Duration) -> Step<Verdict> {
        let step = probes.step()
        phase = .comparing(probes, since: since)
        guard case .done(let found) = step else { return step.waiting() }
        for result in found.results { book.add(result) }
        if report.baseline.isEmpty { book.note("relative probes", .ignored, "it is not known what worked before the upgrade") }
        if let failure = found.failure {
            // An agent that is not there says nothing about anything else.
            if case .died(let how) = readiness() { return ended(how) }
            return .done(.rollBack(cause: failure))
        }
        // The deadline is for readiness and command alone.
        deadline += ports.clock.sinceBoot() - since
        beginHooks()
        return .again
    }

    // MARK: Hooks

    private mutating func beginHooks() {
        phase = .hooking(
            ports.hooks.run(.beforeCommit, ticket: handover.ticket, release: handover.newRelease, descriptor: facts.descriptor))
    }

    /// Before the hub is asked: the proof that is committed on is of the moment after them.
    private mutating func hooking(_ run: inout HookRun) -> Step<Verdict> {
        let step = run.step()
        phase = .hooking(run)
        guard case .done(let report) = step else { return step.waiting() }
        ports.hooks.keep(report, of: handover.ticket)
        if let failure = report.failure { return .done(.rollBack(cause: failure)) }
        phase = .probing
        return .again
    }

    // MARK: Hub rounds

    private mutating func probe() throws -> Step<Verdict> {
        book.begin(Trial.hub)
        rounds += 1
        let before = ports.prober.probe(release: handover.oldRelease)
        let fresh: ProbeResult
        do { fresh = try ports.contact.probeHub() } catch {
            // An agent that is not there says nothing about the hub.
            let local = readiness()
            guard case .ready = local else { return judged(local) }
            fresh = ProbeResult(succeeded: false, reason: error.explanation)
        }
        let after = ports.prober.probe(release: handover.oldRelease)
        switch health.judge(.init(before: before, fresh: fresh, after: after)) {
        case .good:
            book.note(Trial.hub, .passed, "the new release reached it in round \(rounds)")
            return judged(readiness())
        case .goodWithoutHub:
            book.note(Trial.hub, .ignored, "round \(rounds): hub away: \(before.reason)")
            return judged(readiness())
        case .bad(let cause): return failed(Trial.hub, cause)
        case .undecided(let why):
            book.note(Trial.hub, .ignored, "round \(rounds): \(why)")
            ports.contact.explain(
                handover.ticket, waitsFor: why, nextProbe: ports.clock.now().adding(ports.settings.probePause))
            // The hub decides when it is there; meanwhile only a death counts. The deadline is for readiness and command alone.
            deadline = ports.clock.sinceBoot() + allowed
            if case .died(let how) = readiness() { return restart(after: how) }
            return .sleep(ports.settings.probePause)
        }
    }

    /// The proof that is committed on is of this moment.
    private mutating func judged(_ readiness: Readiness) -> Step<Verdict> {
        switch readiness {
        case .ready: .done(.commit)
        case .died(let how): restart(after: how)
        case .notYet(let why): isOverdue ? missed(why) : .sleep(Trial.look)
        }
    }

    private var isOverdue: Bool { ports.clock.sinceBoot() >= deadline }

    private mutating func missed(_ why: String) -> Step<Verdict> {
        failed(Trial.readiness, "the new release was not healthy within \(allowed.components.seconds) s: \(why)")
    }

    private mutating func failed(_ probe: String, _ cause: String) -> Step<Verdict> {
        book.note(probe, .failed, cause)
        return .done(.rollBack(cause: cause))
    }
}

extension JobPlan {
    /// True when the hub alone can tell whether what is new is right.
    package var replacesConnection: Bool { versions[.configuration] != nil || versions[.certificate] != nil }
}
