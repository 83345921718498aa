/// The name of a management policy within its organization, written `org/name`.
///
/// Both parts come from outside: they are never used as paths.
package struct PolicyID: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    /// The organization.
    package let org: String

    /// The name inside the organization.
    package let name: String

    /// An identifier from its two parts.
    package init(org: String, name: String) {
        self.org = org
        self.name = name
    }

    /// Reads `org/name`, split at the first slash; nil when one of them is missing.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        self.init(org: String(parts[0]), name: String(parts[1]))
    }

    /// `org/name`.
    package var text: String { org + "/" + name }

    /// `org/name`.
    package var description: String { text }

    /// By organization, then by name, so that lists look the same everywhere.
    package static func < (left: PolicyID, right: PolicyID) -> Bool {
        left.org == right.org ? left.name < right.name : left.org < right.org
    }
}
