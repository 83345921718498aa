import UpgradeModel

/// Whether this is a moment to upgrade the node. What it objects to may pass, so the job tries again within its budget.
package enum SurroundingsRule {
    /// Before this moment no clock of a node that runs this program can be right.
    package static let earliest = UTCInstant(secondsSinceEpoch: 1_704_067_200)

    /// One sentence with the remedy when the clock is before this program was built: no certificate would be believed.
    /// - Parameter built: when the running release was built; nil when it does not say.
    package static func objection(toClock now: UTCInstant, built: UTCInstant?) -> String? {
        let least = max(built ?? earliest, earliest)
        guard now < least else { return nil }
        return "the clock says \(now.rfc3339()), expected \(least.rfc3339()) or later: certificates would not be believed; set the clock"
    }

    /// One sentence with the remedy when dpkg would be refused in the middle of an upgrade that needs it.
    package static func objection(toPackageLockHeld isHeld: Bool, strategy: InstallStrategy?) -> String? {
        guard isHeld, strategy == .deb || strategy == .script else { return nil }
        return "another package manager holds dpkg's lock (lock-frontend), expected it to be free: wait until it has ended, or end it"
    }

    /// One sentence with the remedy when the node may lose its electricity in the middle of an upgrade.
    /// - Parameter minimum: least charge in percent; 0 = any.
    package static func objection(toPower state: PowerState?, minimum: Int) -> String? {
        guard let state, !state.isOnMains, let percent = state.percent, percent < minimum else { return nil }
        return
            "the node runs on battery at \(percent) %, expected mains or at least \(minimum) % (battery-min-percent); connect it to mains"
    }
}
