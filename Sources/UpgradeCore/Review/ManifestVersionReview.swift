import UpgradeModel

/// Finds the quirks of a version in a manifest. Source: contract 4.5, 4.9.
package enum ManifestVersionReview {
    /// The quirks of what `text` asks for.
    package static func quirks(in wanted: VersionExpression, text: String) -> [Quirk] {
        guard case .range(let range) = wanted else { return [] }
        return [Quirk(kind: .manifestRange, found: text, position: 1)] + RangeReview.quirks(in: range, text: text)
    }
}
