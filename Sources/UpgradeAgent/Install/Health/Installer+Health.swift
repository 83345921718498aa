import UpgradeCore
import UpgradeModel
import UpgradePorts

/// What works while the old release runs, for the trial to compare with.
extension Installer {
    /// Asked once for each job, and not any more when the agent was stopped. Where the old release does not answer nothing is known.
    /// Errors end the job: nothing was switched.
    func beforeStop() throws -> Phase {
        let wasStopped = journal?.reading.records.contains { $0.step == .stopIntended } == true
        if wasStopped || HealthFile.read(ticket, in: ports.tree) != nil { return .stopping }
        guard answersAsOld() else {
            // After a power cut nobody runs here yet: what fails then says nothing about the old release.
            try HealthFile.write(HealthReport(ticket: ticket, baseline: []), in: ports.tree)
            return .stopping
        }
        return .askingBefore(try RelativeProbes(before: ticket, release: try known().oldRelease, ports: ports))
    }

    private func answersAsOld() -> Bool {
        guard let evidence = try? ports.contact.evidence() else { return false }
        return evidence.release == job?.oldRelease && evidence.bootID == ports.clock.bootID
    }

    mutating func askedBefore(_ probes: inout RelativeProbes) throws -> Step<Void> {
        let step = probes.step()
        phase = .askingBefore(probes)
        guard case .done(let found) = step else { return step.waiting() }
        try HealthFile.write(HealthReport(ticket: ticket, baseline: found.results), in: ports.tree)
        phase = .stopping
        return .again
    }
}
