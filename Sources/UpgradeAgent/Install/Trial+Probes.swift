import UpgradeCore
import UpgradeModel
import UpgradePorts

/// What is asked of a release that is ready, in this order: the agent that it upgraded beside us, its own health command, what worked
/// before, the operator's hooks, the hub.
extension Trial {
    // MARK: The agent beside us

    /// Looked at again until it is well or the time is over: an agent that has just been started needs a moment.
    mutating func lookBeside(_ interview: inout Interview) throws -> Step<Verdict> {
        let plan = handover.plan
        let step = try interview.step { [horizon] interview in try horizon?.objection(to: plan, &interview) }
        switch step {
        case .done(nil):
            book.note(Trial.managedAgent, .passed, "it runs the new version and reaches its exchange")
            return beginCommand()
        case .done(.some(let objection)):
            phase = .lookingBeside(Interview(commands: ports.commands))
            return isOverdue ? unwell(objection) : .sleep(.milliseconds(500))
        case .again: phase = .lookingBeside(interview)
        case .sleep(let time):
            phase = .lookingBeside(interview)
            return .sleep(time)
        case .await: break
        }
        return .again
    }

    /// An exchange that we do not reach either says nothing about the other agent: its trial goes on until the exchange decides.
    mutating func unwell(_ objection: HorizonAgent.Objection) -> Step<Verdict> {
        switch objection {
        case .unwell(let why), .lonely(let why):
            let control = if case .lonely = objection { ports.prober.probe(release: handover.oldRelease) } else { ProbeResult?.none }
            // Back for a moment only, as far as we know: the other agent has the whole time once more.
            guard let control, !control.succeeded || wasExchangeAway else {
                return failed(Trial.managedAgent, "the managed agent was not well within \(allowed.components.seconds) s: \(why)")
            }
            wasExchangeAway = !control.succeeded
            let both = wasExchangeAway ? "\(why); nor do we: \(control.reason)" : "\(why), which has just come back"
            book.note(Trial.managedAgent, .ignored, both)
            ports.contact.explain(
                handover.ticket, waitsFor: both, nextProbe: ports.clock.now().adding(ports.settings.probePause))
            deadline = ports.clock.sinceBoot() + allowed
            return .sleep(ports.settings.probePause)
        }
    }

    // MARK: Health command

    mutating func beginCommand() -> Step<Verdict> {
        guard let command = descriptor?.health?.command, let program = command.first, let path = TreePath(program) else {
            return compare()
        }
        book.begin(Trial.healthCommand)
        do {
            phase = .commanding(
                try ports.commands.begin(
                    Command(
                        executable: folder + "/" + path.text, arguments: Array(command.dropFirst()), directory: folder,
                        environment: ports.settings.environment, timeout: max(deadline - ports.clock.sinceBoot(), .milliseconds(100)))))
            return .again
        } catch {
            return commandFailed("could not be started: \(error)", "")
        }
    }

    mutating func watch(_ id: CommandID) throws -> Step<Verdict> {
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

    mutating func commandFailed(_ how: String, _ output: String) -> Step<Verdict> {
        commandFailures += 1
        if commandFailures >= Trial.failuresMax || isOverdue { return failed(Trial.healthCommand, sentence(how, output)) }
        phase = .failedCommand
        return .sleep(.milliseconds(500))
    }

    func sentence(_ what: String, _ output: String) -> String {
        let command = descriptor?.health?.command.joined(separator: " ") ?? ""
        return "the health command \(command) \(what)\(HookRun.heard(output))"
    }

    // MARK: Relative probes

    mutating func compare() -> Step<Verdict> {
        let probes = RelativeProbes(
            report.baseline, of: handover.ticket, release: handover.newRelease, deadline: deadline, ports: ports)
        phase = .comparing(probes, since: ports.clock.sinceBoot())
        return .again
    }

    mutating func comparing(_ probes: inout RelativeProbes, _ since: Duration) -> Step<Verdict> {
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

    mutating func beginHooks() {
        phase = .hooking(
            ports.hooks.run(.beforeCommit, ticket: handover.ticket, release: handover.newRelease, descriptor: facts.descriptor))
    }

    /// Before the hub is asked: the proof that is committed on is of the moment after them.
    mutating func hooking(_ run: inout HookRun) -> Step<Verdict> {
        let step = run.step()
        phase = .hooking(run)
        guard case .done(let report) = step else { return step.waiting() }
        ports.hooks.keep(report, of: handover.ticket)
        if let failure = report.failure { return .done(.rollBack(cause: failure)) }
        phase = .probing
        return .again
    }

    // MARK: Hub rounds

    mutating func probe() throws -> Step<Verdict> {
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
}
