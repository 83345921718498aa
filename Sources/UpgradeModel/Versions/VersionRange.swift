/// A range of versions such as `[1.0.0,2.0.0)`: square brackets include the bound, round ones exclude it.
///
/// Kept, with its quirks: no blanks, both bounds are needed, and a lone version `v` means `[v,INFINITY)`. The bounds may be
/// the wrong way round; such a range contains only a bound that its bracket includes. Source: contract 4.5.
package struct VersionRange: Hashable, Sendable, CustomStringConvertible {
    /// The lower bound.
    package let lower: Version

    /// Whether the lower bound itself belongs to the range.
    package let includesLower: Bool

    /// The upper bound.
    package let upper: Version

    /// Whether the upper bound itself belongs to the range.
    package let includesUpper: Bool

    /// The range that `text` spells; nil when it spells none.
    package init?(_ text: some StringProtocol) {
        if let version = Version(text) {
            self.init(lower: version, includesLower: true, upper: .infinity, includesUpper: false)
            return
        }
        guard let first = text.first, first == "[" || first == "(", let last = text.last, last == "]" || last == ")" else { return nil }
        let bounds = text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
        guard bounds.count == 2, let lower = Version(bounds[0]), let upper = Version(bounds[1]) else { return nil }
        self.init(lower: lower, includesLower: first == "[", upper: upper, includesUpper: last == "]")
    }

    private init(lower: Version, includesLower: Bool, upper: Version, includesUpper: Bool) {
        self.lower = lower
        self.includesLower = includesLower
        self.upper = upper
        self.includesUpper = includesUpper
    }

    /// The normalized text, for example `[1.0.0,INFINITY)` for `1`.
    package var description: String {
        (includesLower ? "[" : "(") + lower.padded + "," + upper.padded + (includesUpper ? "]" : ")")
    }

    /// Whether `version` lies in the range.
    ///
    /// Kept: an excluded bound is recognized by its spelling alone, so `(1.0.0,2.0.0]` contains `01.0.0`; and pre-releases of
    /// the upper bound lie below it, so `[1.0.0,2.0.0)` contains `2.0.0-rc1`.
    package func contains(_ version: Version) -> Bool {
        let isLower = version.padded == lower.padded
        let isUpper = version.padded == upper.padded
        if (isLower && includesLower) || (isUpper && includesUpper) { return true }
        if isLower || isUpper { return false }
        return lower <= version && (upper == .infinity || version <= upper)
    }

    /// Whether the real agent takes `text` for a range when it decides how to read a property (contract 4.4).
    ///
    /// Kept: one bracket is enough, and the byte at the other end is dropped unseen. So this says nothing about whether
    /// `VersionRange(text)` succeeds.
    package static func resemblesRange(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last else { return false }
        let startsLikeOne = first == UInt8(ascii: "[") || first == UInt8(ascii: "(")
        let endsLikeOne = last == UInt8(ascii: "]") || last == UInt8(ascii: ")")
        guard startsLikeOne || endsLikeOne else { return false }
        let bounds = bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard bounds.count == 2, !bounds[0].isEmpty, !bounds[1].isEmpty else { return false }
        return Version(String(decoding: bounds[0].dropFirst(), as: UTF8.self)) != nil
            && Version(String(decoding: bounds[1].dropLast(), as: UTF8.self)) != nil
    }
}
