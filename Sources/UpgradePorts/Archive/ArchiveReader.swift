import UpgradeModel

/// Reads tar archives (gzip, zstd, xz, or plain), found by content; writes nothing. Windows and dictionaries above 8 MiB are refused by name.
/// Source: architecture, "Bytes and trust"; lessons 2d (libarchive).
package protocol ArchiveReader: Sendable {
    /// Opens an archive that is read through the given file only.
    func open(_ file: any TreeFile) throws(ArchiveFailure) -> any ArchiveStream
}

/// Entries in the order of the archive.
package protocol ArchiveStream: AnyObject {
    /// The next entry; nil after the last. Skips what was not read of the present one.
    func next() throws(ArchiveFailure) -> ArchiveEntry?
    /// Up to `max` further bytes of the present entry's data; empty at its end.
    func read(max: Int) throws(ArchiveFailure) -> [UInt8]
}

/// Why an archive cannot be read on.
package struct ArchiveFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reasons that are told apart.
    package enum Kind: String, Hashable, Sendable {
        /// No tar in a compression that we take.
        case unknownFormat
        /// A window or dictionary above the limit.
        case windowTooLarge
        /// Damaged or cut short.
        case damaged
        /// The file under it could not be read.
        case unreadable
    }

    /// Why, in one notion.
    package let kind: Kind
    /// One sentence.
    package let explanation: String

    /// Memberwise.
    package init(_ kind: Kind, _ explanation: String) {
        self.kind = kind
        self.explanation = explanation
    }

    package var description: String { explanation }
}
