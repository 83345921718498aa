import UpgradeModel

/// Decides whether a job that has ended begins anew because something newer is offered.
///
/// Only components whose manifest says `latest` count, and only when that word means something else than it did for the job. Changed: what
/// was meant is stored as soon as the manifest is read, where the real agent forgets it after an early failure; and a version that failed or
/// was rolled back on this node is never a reason. Source: contract 4.8, "AFV change".
package enum RearmRule {
    /// - Parameters:
    ///   - seen: what `latest` meant for each such component; empty text where nothing was offered.
    ///   - newest: what it means now; empty text where nothing is offered.
    ///   - failed: what this node could not use.
    package static func isDue(latest seen: [Component: String], newest: PerComponent<String>, failed: Set<ComponentVersion>) -> Bool {
        var offered: [Component: String] = [:]
        for component in seen.keys { offered[component] = Version(newest[component])?.text }
        guard !FailedVersionRule.repeats(offered, failed: failed) else { return false }
        return offered.contains { component, version in
            Version(version) != Version(seen[component] ?? "")
                && !failed.contains(ComponentVersion(component: component, version: version))
        }
    }
}
