import UpgradeModel

/// A folder or file that the rules let onto the disk, with everything that the writer needs to know.
package struct AcceptedEntry: Hashable, Sendable {
    /// What may be written.
    package enum Kind: String, Hashable, Sendable { case directory, file }

    /// Where, below the folder that is unpacked into.
    package let path: TreePath
    /// What.
    package let kind: Kind
    /// Permission bits. Shape: 0755 for folders and for files that their owner may execute, otherwise 0644.
    package let mode: UInt16
    /// Bytes; 0 for folders.
    package let length: Int64

    /// Memberwise.
    package init(path: TreePath, kind: Kind, mode: UInt16, length: Int64) {
        self.path = path
        self.kind = kind
        self.mode = mode
        self.length = length
    }

    /// A folder.
    package static func directory(_ path: TreePath) -> AcceptedEntry {
        AcceptedEntry(path: path, kind: .directory, mode: 0o755, length: 0)
    }
}
