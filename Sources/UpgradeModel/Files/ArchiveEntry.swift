/// One entry of an archive as it claims to be; nothing in it is believed before `UnpackRules` said so.
package struct ArchiveEntry: Hashable, Sendable {
    /// What the entry claims to be.
    package enum Kind: Hashable, Sendable {
        /// A regular file.
        case file
        /// A folder.
        case directory
        /// A symbolic link with this text.
        case symbolicLink(String)
        /// A second name of an earlier entry.
        case hardLink(String)
        /// A device, socket, FIFO or something unknown, by name.
        case special(String)
    }

    /// As stored, bytes read as UTF-8; nil when they are not.
    package let path: String?
    /// What it claims to be.
    package let kind: Kind
    /// All twelve permission bits as stored.
    package let mode: UInt16
    /// Length in bytes; nil when the archive does not tell.
    package let length: Int64?

    /// Memberwise.
    package init(path: String?, kind: Kind, mode: UInt16, length: Int64?) {
        self.path = path
        self.kind = kind
        self.mode = mode
        self.length = length
    }
}
