import UpgradeModel

/// A person's word that no upgrade begins on this node. It lies in the agent's memory, so restarts and upgrades keep it.
package struct Hold: Codable, Hashable, Sendable {
    /// Who: a name as it was told, and the user that the kernel saw at the other end of the socket.
    package let by: String
    /// Since when.
    package let since: UTCInstant
    /// Why; empty when nobody said.
    package let reason: String

    /// Memberwise.
    package init(by: String, since: UTCInstant, reason: String) {
        self.by = by
        self.since = since
        self.reason = reason
    }

    /// Who, since when, why and what to do, fit for the end of a sentence.
    package var sentence: String {
        "held by \(by) since \(since.rfc3339())\(reason.isEmpty ? "" : " (\(reason))"); `uplift unhold` lets it go on"
    }
}
