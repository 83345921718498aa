import UpgradeModel

/// Whether an upgrade only repeats what failed on this node before. Source: install.md, "A version that was rolled back is not tried again by
/// itself".
///
/// Software that failed is not brought again in any company. Of a configuration or certificate nobody knows whether it was to blame for what
/// came with it, so it counts only where nothing else is new.
package enum FailedVersionRule {
    /// True when there is nothing new to try.
    package static func repeats(_ versions: [Component: String], failed: Set<ComponentVersion>) -> Bool {
        let brought = versions.map { ComponentVersion(component: $0.key, version: $0.value) }
        if brought.contains(where: { $0.component == .software && failed.contains($0) }) { return true }
        return !brought.isEmpty && failed.isSuperset(of: brought)
    }

    /// One sentence with the remedy; nil when there is something new to try.
    package static func objection(to versions: [Component: String], failed: Set<ComponentVersion>) -> String? {
        guard repeats(versions, failed: failed) else { return nil }
        let known = Component.allCases.compactMap { component in
            versions[component].map { ComponentVersion(component: component, version: $0) }
        }.filter(failed.contains)
        let names = known.map { "\($0.component.rawValue) \($0.version)" }.joined(separator: " and ")
        return "\(names) failed on this node before and is not tried again by itself: publish a newer version, or remove the cause and "
            + "reset the status of this policy"
    }
}
