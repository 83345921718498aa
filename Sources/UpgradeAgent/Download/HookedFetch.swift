import UpgradeCore
import UpgradeModel
import UpgradePorts

/// The download with the hooks around it: those of the running release, because the new one is not there yet.
struct HookedFetch {
    private enum Phase {
        case before(HookRun)
        case fetching
        case after(HookRun)
    }

    private let ticket: Ticket
    private let release: ReleaseFacts
    private let hooks: Hooks
    private var fetcher: Fetcher
    private var phase: Phase

    init(_ fetcher: Fetcher, ticket: Ticket, release: ReleaseFacts, hooks: Hooks) {
        self.fetcher = fetcher
        self.ticket = ticket
        self.release = release
        self.hooks = hooks
        phase = .before(hooks.run(.beforeDownload, ticket: ticket, release: release.number, descriptor: release.descriptor))
    }

    /// One bounded piece of work. Errors: a hook that stops the upgrade, and the fetcher's.
    mutating func step() throws(ProcedureFailure) -> Step<Void> {
        switch phase {
        case .before(var run):
            let step = run.step()
            phase = .before(run)
            guard let report = kept(step) else { return step.waiting() }
            if let failure = report.failure { throw ProcedureFailure(.final(.precheckFailed), failure) }
            phase = .fetching
            return .again
        case .fetching:
            let step = try fetcher.step()
            guard case .done = step else { return step }
            phase = .after(hooks.run(.afterDownload, ticket: ticket, release: release.number, descriptor: release.descriptor))
            return .again
        case .after(var run):
            let step = run.step()
            phase = .after(run)
            return kept(step) == nil ? step.waiting() : .done(())
        }
    }

    /// Ends whatever is under way.
    mutating func stop() {
        switch phase {
        case .before(let run), .after(let run): run.stop()
        case .fetching: fetcher.stop()
        }
    }

    private func kept(_ step: Step<HookRun.Report>) -> HookRun.Report? {
        guard case .done(let report) = step else { return nil }
        hooks.keep(report, of: ticket)
        return report
    }
}

extension Step {
    /// The same wait of a piece of work inside another; one that is done is gone on from at once.
    func waiting<Other>() -> Step<Other> {
        switch self {
        case .again, .done: .again
        case .sleep(let time): .sleep(time)
        case .await(let id): .await(id)
        }
    }

    /// The same with another result.
    func map<Other>(_ transform: (Value) -> Other) -> Step<Other> {
        if case .done(let value) = self { .done(transform(value)) } else { waiting() }
    }
}
