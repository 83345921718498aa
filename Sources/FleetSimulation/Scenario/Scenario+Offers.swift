import UpgradeModel

/// What lies at the hub: what is described, and what is only named by a policy, which is healthy.
extension Scenario {
    private var rollouts: [Rollout] { steps.compactMap { if case .publish(let rollout) = $0.deed { rollout } else { nil } } }

    var offeredBuilds: [Build] { builds + versionsWithoutBuild.map { Build(version: $0) } }

    var offeredFiles: [HubFile] {
        var all = files
        for rollout in rollouts {
            for (component, version) in [(Component.configuration, rollout.configuration), (.certificate, rollout.certificate)] {
                let isKnown = all.contains { $0.component == component && $0.version == version }
                if !isKnown, Version(version) != nil { all.append(HubFile(component, version: version)) }
            }
        }
        return all
    }

    /// Texts that expectations look for in the trace.
    var watched: [String] {
        expectations.compactMap { if case .happened(let text, _, _) = $0 { text } else { nil } }
    }
}
