import UpgradeCore
import UpgradeModel
import UpgradePorts

/// The way back: the flip of `current` alone. `rolled back` is written only after the old release answered; until then it is tried on and on,
/// with back-off, and nothing is flipped any more. Source: install.md, "Who owns what" and "Health and commit".
struct Rollback {
    private enum Phase {
        case deciding
        case hooking(HookRun)
        case flipping
        case packages(PackageRun)
        case starting
        case waiting(until: Duration, last: String)
        case hookingAfter(HookRun)
    }

    private static let startTime: Duration = .seconds(30)
    private static let pauseMax: Duration = .seconds(30)

    private let handover: Handover
    private let cause: String
    private let ports: InstallPorts
    private var failed: Bool
    private var starts = 0
    /// Why the old packages are not back yet; the old agent is started all the same.
    private var packageTrouble: String?
    private var phase = Phase.deciding

    init(_ handover: Handover, cause: String, failed: Bool, ports: InstallPorts) {
        self.handover = handover
        self.cause = cause
        self.failed = failed
        self.ports = ports
    }

    mutating func step(_ journal: inout Journal) throws -> Step<Void> {
        switch phase {
        case .deciding:
            if case .rollingBack = journal.reading.phase {} else { try journal.write(.rollbackIntended(cause: cause)) }
            // Who comes back after the flip has them behind him.
            let isFlipped = try ports.tree.release(at: Layout.current) == handover.oldRelease
            phase = isFlipped ? .flipping : .hooking(hooks(.beforeRollback, of: handover.newRelease))
            return .again
        case .hooking(var run):
            let step = run.step()
            phase = .hooking(run)
            return kept(step) ?? then(.flipping)
        case .flipping:
            try ports.service.stopAgent()
            try ReleaseLinks(tree: ports.tree).switchBack(to: handover.oldRelease)
            phase = try PackageRun.back(handover, ports).map { .packages($0) } ?? .starting
            return .again
        case .packages(var run):
            let step = run.step()
            phase = .packages(run)
            return try broughtBack(step, &journal)
        case .starting:
            // One that runs and does not answer would stay so.
            if starts > 0 { try ports.service.stopAgent() }
            starts += 1
            do {
                try ports.service.startAgent()
            } catch {
                guard error.kind == .refused else { throw error }
                return try notStarted(error.explanation, &journal)
            }
            phase = .waiting(until: ports.clock.sinceBoot() + Rollback.startTime * min(starts, 4), last: "it did not answer")
            return .again
        case .waiting(let until, let last):
            return try look(until, last, &journal)
        case .hookingAfter(var run):
            let step = run.step()
            phase = .hookingAfter(run)
            return try kept(step) ?? ended(&journal)
        }
    }

    /// The old agent of ours runs between two tries: it stands in its own release.
    private mutating func tryPackagesAgain() throws -> Step<Void> {
        phase = try PackageRun.back(handover, ports).map { .packages($0) } ?? .starting
        return .sleep(Rollback.pauseMax)
    }

    private mutating func broughtBack(_ step: Step<String?>, _ journal: inout Journal) throws -> Step<Void> {
        switch step {
        case .sleep(let time): return .sleep(time)
        case .again, .await: return .again
        case .done(let trouble):
            packageTrouble = trouble
            if let trouble, !failed {
                failed = true
                try journal.write(.rollbackFailed(cause: "the old packages do not come back: \(trouble)"))
                ports.contact.nudge()
            }
            phase = .starting
            return .again
        }
    }

    private mutating func then(_ next: Phase) -> Step<Void> {
        phase = next
        return .again
    }

    /// Nothing that hooks say stops the way back.
    private func kept(_ step: Step<HookRun.Report>) -> Step<Void>? {
        guard case .done(let report) = step else { return step.waiting() }
        ports.hooks.keep(report, of: handover.ticket)
        return nil
    }

    private func hooks(_ event: HookEvent, of release: Int) -> HookRun {
        let descriptor = (try? ReleaseFacts.read(release, in: ports.tree))?.descriptor
        return ports.hooks.run(event, ticket: handover.ticket, release: release, descriptor: descriptor)
    }

    private func ended(_ journal: inout Journal) throws -> Step<Void> {
        // After the final record nobody comes back here.
        try? ReleaseLinks(tree: ports.tree).clear()
        try? ports.tree.removeTree(Layout.release(handover.newRelease))
        try journal.write(.rolledBack)
        ports.contact.nudge()
        return .done(())
    }

    private mutating func look(_ until: Duration, _ last: String, _ journal: inout Journal) throws -> Step<Void> {
        do {
            let evidence = try ports.contact.evidence()
            if evidence.release == handover.oldRelease, evidence.bootID == ports.clock.bootID {
                if packageTrouble != nil { return try tryPackagesAgain() }
                return then(.hookingAfter(hooks(.afterRollback, of: handover.oldRelease)))
            }
            phase = .waiting(until: until, last: "release \(evidence.release) answered")
        } catch let error as ContactFailure {
            if case .stopped(let how)? = try? ports.service.agent() { return try notStarted("it ended (\(how ?? "never ran"))", &journal) }
            phase = .waiting(until: until, last: error.explanation)
        }
        if ports.clock.sinceBoot() >= until { return try notStarted(last, &journal) }
        return .sleep(.milliseconds(100))
    }

    private mutating func notStarted(_ why: String, _ journal: inout Journal) throws -> Step<Void> {
        phase = .starting
        if starts >= Trial.startsMax, !failed {
            failed = true
            try journal.write(.rollbackFailed(cause: "the old release does not start: \(why)"))
            ports.contact.nudge()
        }
        let pause = Duration.milliseconds(200) * (1 << min(starts, 8))
        return .sleep(min(pause, Rollback.pauseMax))
    }
}
