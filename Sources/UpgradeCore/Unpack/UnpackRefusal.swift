import UpgradeModel

/// Why an entry of an archive is not taken; with it the whole archive is refused.
package struct UnpackRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reasons, as stable words for logs and tests.
    package enum Word: String, CaseIterable, Hashable, Sendable {
        case pathNotText = "path-not-text"
        case pathEmpty = "path-empty"
        case pathAbsolute = "path-absolute"
        case pathClimbs = "path-climbs"
        case pathNotAllowed = "path-not-allowed"
        case pathNotVisible = "path-not-visible"
        case pathTooLong = "path-too-long"
        case pathTooDeep = "path-too-deep"
        case symbolicLink = "symbolic-link"
        case hardLink = "hard-link"
        case specialFile = "special-file"
        case specialMode = "special-mode"
        case duplicatePath = "duplicate-path"
        case fileAsFolder = "file-as-folder"
        case lengthUnknown = "length-unknown"
        case fileTooLong = "file-too-long"
        case totalTooLong = "total-too-long"
        case tooManyEntries = "too-many-entries"
    }

    /// Why, in one notion.
    package let word: Word
    /// The entry as the archive names it, fit for a message; `(not UTF-8)` when it has no readable name.
    package let entry: String
    /// What the entry claims.
    package let found: String
    /// What would have been accepted.
    package let expected: String

    /// Memberwise; `entry` is made fit for a message here.
    package init(_ word: Word, entry: String?, found: String, expected: String) {
        self.word = word
        self.entry = entry.map { VisibleText.escaping($0) } ?? "(not UTF-8)"
        self.found = found
        self.expected = expected
    }

    package var description: String { "archive entry `\(entry)` refused, \(word.rawValue): found \(found), expected \(expected)" }
}
