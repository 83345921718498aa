import UpgradeCore
import UpgradeModel
import UpgradePorts

/// The installer's own hooks; those of trial and rollback are run there. No record is written for them: an interruption finds the step before
/// them and runs them again.
extension Installer {
    /// Where the installer goes on once the hooks have ended.
    enum AfterHooks {
        case switching
        case trial
        case committed
    }

    /// The hooks of the release that is being installed.
    func hooks(_ event: HookEvent) throws -> HookRun {
        let release = try known().newRelease
        return ports.hooks.run(
            event, ticket: ticket, release: release, descriptor: (try? ReleaseFacts.read(release, in: ports.tree))?.descriptor)
    }

    mutating func hooking(_ run: inout HookRun, _ after: AfterHooks) throws -> Step<Void> {
        let step = run.step()
        phase = .hooking(run, then: after)
        guard case .done(let report) = step else { return step.waiting() }
        ports.hooks.keep(report, of: ticket)
        switch after {
        case .switching:
            if let failure = report.failure { throw ReleaseError(failure) }
            phase = .switching
        case .trial: beginTrial(try known(), starts: 0, wasReady: false)
        case .committed: return try committed()
        }
        return .again
    }
}
