/// What a manifest may ask for: the newest version, one version, or any version of a range.
///
/// Source: contract 4.5.
package enum VersionExpression: Hashable, Sendable {
    /// The newest version that is offered.
    case latest
    /// This version, offered or not.
    case exact(Version)
    /// The newest one inside.
    case range(VersionRange)

    /// The word for the newest version; capitals matter.
    package static let latestWord = "latest"

    /// What `text` asks for; nil when it is neither `latest`, nor a version, nor a range.
    package init?(_ text: String) {
        if text == Self.latestWord {
            self = .latest
        } else if let version = Version(text) {
            self = .exact(version)
        } else if let range = VersionRange(text) {
            self = .range(range)
        } else {
            return nil
        }
    }
}
