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

    enum Phase {
        case starting
        case waiting(last: String)
        case lookingBeside(Interview)
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
    static let refusedPause: Duration = .seconds(5)
    static let look: Duration = .milliseconds(100)

    static let readiness = "readiness"
    static let healthCommand = "health command"
    static let hub = "hub"
    static let managedAgent = "managed agent"

    let handover: Handover
    let facts: ReleaseFacts
    let ports: InstallPorts
    var allowed: Duration
    var deadline: Duration
    var starts: Int
    var wasReady: Bool
    var deaths = 0
    var commandFailures = 0
    var rounds = 0
    var health: HealthRule
    var phase = Phase.starting
    /// The agent whose upgrade is on trial, where that is not ours.
    var horizon: HorizonAgent?
    /// When we last asked for it, the exchange could not be reached.
    var wasExchangeAway = false
    /// The package on trial, and the folder that its health command runs in.
    var descriptor: PackageDescriptor?
    var folder: String
    var report: HealthReport
    var book: HealthBook

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
        descriptor = facts.descriptor
        folder = ports.settings.stateFolder + "/" + Layout.software(handover.newRelease).text
    }

    /// On trial is the Open Horizon agent beside us: how it does counts, and our own connection is as it was.
    /// - Parameter package: nil when the job brings none.
    mutating func watch(_ agent: HorizonAgent, package: PackageDescriptor?) {
        horizon = agent
        descriptor = package
        folder = ports.settings.stateFolder + "/" + Layout.script(handover.ticket).text
        allowed = package?.health?.deadline ?? ports.settings.trialDeadline
        deadline = ports.clock.sinceBoot() + allowed
        health = HealthRule(replacesConnection: false)
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

    mutating func advance(_ journal: inout Journal) throws -> Step<Verdict> {
        switch phase {
        case .starting: return try start(&journal)
        case .waiting(let last): return try look(last, &journal)
        case .lookingBeside(var interview): return try lookBeside(&interview)
        case .commanding(let id): return try watch(id)
        case .failedCommand: return beginCommand()
        case .comparing(var probes, let since): return comparing(&probes, since)
        case .hooking(var run): return hooking(&run)
        case .probing: return try probe()
        }
    }

    mutating func start(_ journal: inout Journal) throws -> Step<Verdict> {
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

    mutating func look(_ last: String, _ journal: inout Journal) throws -> Step<Verdict> {
        switch readiness() {
        case .ready:
            if !wasReady { try journal.write(.ready) }
            wasReady = true
            book.note(
                Trial.readiness, .passed, "it answered after \(starts) of \(Trial.startsMax) starts, and \(deaths) after it was ready")
            guard horizon != nil else { return beginCommand() }
            book.begin(Trial.managedAgent)
            phase = .lookingBeside(Interview(commands: ports.commands))
            return .again
        case .died(let how):
            return ended(how)
        case .notYet(let why):
            if isOverdue { return missed(why) }
            phase = .waiting(last: why)
            return .sleep(Trial.look)
        }
    }

    enum Readiness {
        case ready
        case notYet(String)
        case died(String)
    }

    /// The agent's word, compared with what the installer knows itself.
    func readiness() -> Readiness {
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

    mutating func ended(_ how: String) -> Step<Verdict> { isOverdue ? missed(how) : restart(after: how) }

    mutating func restart(after how: String) -> Step<Verdict> {
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

    /// The proof that is committed on is of this moment.
    mutating func judged(_ readiness: Readiness) -> Step<Verdict> {
        switch readiness {
        case .ready: .done(.commit)
        case .died(let how): restart(after: how)
        case .notYet(let why): isOverdue ? missed(why) : .sleep(Trial.look)
        }
    }

    var isOverdue: Bool { ports.clock.sinceBoot() >= deadline }

    mutating func missed(_ why: String) -> Step<Verdict> {
        failed(Trial.readiness, "the new release was not healthy within \(allowed.components.seconds) s: \(why)")
    }

    mutating func failed(_ probe: String, _ cause: String) -> Step<Verdict> {
        book.note(probe, .failed, cause)
        return .done(.rollBack(cause: cause))
    }
}

extension JobPlan {
    /// True when the hub alone can tell whether what is new is right.
    package var replacesConnection: Bool { versions[.configuration] != nil || versions[.certificate] != nil }
}
