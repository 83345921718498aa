extension Version {
    /// Whether `text` may be the value of a property declared as `version`.
    ///
    /// Kept: stricter than a version elsewhere, because property values take no leading zeros and no pre-release.
    /// Source: contract 4.4.
    package static func isPropertyVersion(_ text: String) -> Bool {
        guard text != infinityWord else { return true }
        guard Version(text) != nil, !text.utf8.contains(UInt8(ascii: "-")) else { return false }
        return text.split(separator: ".").allSatisfy { $0.utf8.count == 1 || $0.utf8.first != UInt8(ascii: "0") }
    }
}
