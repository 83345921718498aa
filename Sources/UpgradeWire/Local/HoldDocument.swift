import UpgradeCore
import UpgradeModel

/// `/nodemanagement/hold` of the agent's local API: whether the node is held.
package struct HoldDocument: Codable, Hashable, Sendable {
    /// True while no upgrade may begin.
    package var held: Bool
    /// Who holds it; nil = nobody.
    package var by: String?
    /// Since when, RFC 3339; nil = nobody holds it.
    package var since: String?
    /// Why; nil = nobody said.
    package var reason: String?
    /// The policy whose upgrade the installer has already, `org/name`: a hold does not stop it; nil = none.
    package var goesOn: String?

    /// The document of a hold; nil = the node is free.
    package init(_ hold: Hold?, goesOn: String? = nil) {
        held = hold != nil
        by = hold?.by
        since = hold?.since.rfc3339()
        reason = hold.flatMap { $0.reason.isEmpty ? nil : $0.reason }
        self.goesOn = goesOn
    }
}

/// `PUT /nodemanagement/hold`.
package struct HoldRequestDocument: Codable, Hashable, Sendable {
    /// The caller's name for itself; the agent adds the user that the kernel saw.
    package var by: String?
    /// Why.
    package var reason: String?

    /// Memberwise.
    package init(by: String?, reason: String?) {
        self.by = by
        self.reason = reason
    }
}
