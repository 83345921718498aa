import UpgradeModel

/// The one door to the disk: every mutating file operation of the agent and the installer goes through here, relative to
/// a folder that was opened once, and never through a symbolic link.
///
/// Why a port: the simulator and the crash matrix stand behind it. Live: `openat2(RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS)`.
/// Durability is explicit: nothing is promised before `TreeFile.sync` and `syncDirectory`, or `syncAll`. Source: architecture, "One door to the disk".
package protocol FileTree: Sendable {
    /// Makes one folder. Errors: `.exists` when the name is taken, `.missing` when the parent is not there.
    func makeDirectory(_ path: TreePath, mode: UInt16) throws(FileError)
    /// Makes a new file for writing and reading. Errors: `.exists` when the name is taken (never truncates).
    func create(_ path: TreePath, mode: UInt16) throws(FileError) -> any TreeFile
    /// Opens a regular file. Errors: `.missing`; `.unexpectedKind` for a link, folder or device.
    func open(_ path: TreePath, for access: FileAccess) throws(FileError) -> any TreeFile
    /// Gives the file `existing` a second name.
    func link(_ existing: TreePath, to new: TreePath) throws(FileError)
    /// Makes a symbolic link with this text. Errors: `.exists`.
    func symbolicLink(_ target: String, at path: TreePath) throws(FileError)
    /// The text of a symbolic link.
    func readLink(_ path: TreePath) throws(FileError) -> String
    /// Renames, replacing a file or link of the new name in one step.
    func rename(_ old: TreePath, to new: TreePath) throws(FileError)
    /// Removes a file or link.
    func remove(_ path: TreePath) throws(FileError)
    /// Removes an empty folder.
    func removeDirectory(_ path: TreePath) throws(FileError)
    /// Makes the names in a folder durable.
    func syncDirectory(_ path: TreePath) throws(FileError)
    /// Makes everything below the root durable: bytes, lengths, modes, names, whoever wrote them.
    ///
    /// Why: a package has hundreds of files, and one wait for the disk is enough for all of them. Live: `syncfs(2)`, so what other programs wrote
    /// to the same file system goes along and is waited for. Errors: since Linux 5.8 also when bytes could not be written back at any time since
    /// the root was opened, told once; an older kernel keeps that to itself. What was not written is forgotten then: write it again.
    func syncAll() throws(FileError)
    /// Sets the permission bits of a file or folder.
    func setMode(_ path: TreePath, mode: UInt16) throws(FileError)
    /// What lies under the name, without following a link; nil when nothing does.
    func entry(_ path: TreePath) throws(FileError) -> FileEntry?
    /// The names in a folder, sorted by bytes, without `.` and `..`.
    func list(_ path: TreePath) throws(FileError) -> [String]
    /// Bytes that this process may still write on the file system of the root.
    func freeBytes() throws(FileError) -> Int64
}

/// An open regular file. Closing is the last reference going away.
package protocol TreeFile: AnyObject, Sendable {
    /// Up to `max` bytes from `offset`; empty at the end. Fewer than `max` only at the end.
    func read(at offset: Int64, max: Int) throws(FileError) -> [UInt8]
    /// Writes all bytes at `offset`. Errors: `.noSpace`; after an error any part may have been written.
    func write(_ bytes: [UInt8], at offset: Int64) throws(FileError)
    /// Cuts or extends to a length.
    func truncate(to length: Int64) throws(FileError)
    /// Makes data and length durable.
    func sync() throws(FileError)
    /// Length in bytes.
    func length() throws(FileError) -> Int64
}

/// What an opened file may be used for.
package enum FileAccess: Sendable { case reading, writing }

/// One name in a folder.
package struct FileEntry: Hashable, Sendable {
    /// What it is.
    package enum Kind: String, Hashable, Codable, Sendable { case file, directory, symbolicLink, other }
    /// What it is.
    package let kind: Kind
    /// The low twelve permission bits.
    package let mode: UInt16
    /// Length in bytes (files).
    package let length: Int64
    /// Numeric owner.
    package let owner: UInt32

    /// Memberwise.
    package init(kind: Kind, mode: UInt16, length: Int64, owner: UInt32) {
        self.kind = kind
        self.mode = mode
        self.length = length
        self.owner = owner
    }
}
