import UpgradeModel

/// Why an entry of an archive is not taken; with it the whole archive is refused.
package struct UnpackRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reasons, as stable words for logs and tests.
    package enum Word: String, CaseIterable, Hashable, Sendable {
        /// The name is not UTF-8.
        case pathNotText = "path-not-text"
        /// The name is empty.
        case pathEmpty = "path-empty"
        /// The name begins at `/`.
        case pathAbsolute = "path-absolute"
        /// The name holds `..`.
        case pathClimbs = "path-climbs"
        /// A part of the name is empty, `.` or too long.
        case pathNotAllowed = "path-not-allowed"
        /// The name holds characters that nobody sees.
        case pathNotVisible = "path-not-visible"
        /// The name is too long.
        case pathTooLong = "path-too-long"
        /// The name has too many folders.
        case pathTooDeep = "path-too-deep"
        /// A symbolic link.
        case symbolicLink = "symbolic-link"
        /// A hard link.
        case hardLink = "hard-link"
        /// A device, pipe or socket.
        case specialFile = "special-file"
        /// Set-user, set-group or sticky bits.
        case specialMode = "special-mode"
        /// The name came before.
        case duplicatePath = "duplicate-path"
        /// A file was named as the folder of another entry.
        case fileAsFolder = "file-as-folder"
        /// The header says no length.
        case lengthUnknown = "length-unknown"
        /// One file is too long.
        case fileTooLong = "file-too-long"
        /// All files together are too long.
        case totalTooLong = "total-too-long"
        /// Too many entries.
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
