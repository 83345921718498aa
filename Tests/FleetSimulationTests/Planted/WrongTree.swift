import Synchronization
import UpgradeModel
import UpgradePorts

/// A tree that does not do what it says.
struct WrongTree: FileTree {
    let inner: any FileTree
    /// Says that it synced, and did not.
    var skipsFolderSync = false
    /// The same for everything at once.
    var skipsSyncAll = false
    /// The same for files.
    var skipsFileSync = false
    /// Renames to this name are said to have happened.
    var skipsRename: TreePath?
    /// A record of the journal is there when the next one is written.
    var delaysJournal = false
    /// What is written is not what was given: a byte of each large write is another.
    var damagesWrites = false

    func makeDirectory(_ path: TreePath, mode: UInt16) throws(FileError) { try inner.makeDirectory(path, mode: mode) }

    func create(_ path: TreePath, mode: UInt16) throws(FileError) -> any TreeFile { wrong(try inner.create(path, mode: mode), path) }

    func open(_ path: TreePath, for access: FileAccess) throws(FileError) -> any TreeFile { wrong(try inner.open(path, for: access), path) }

    func link(_ existing: TreePath, to new: TreePath) throws(FileError) { try inner.link(existing, to: new) }

    func symbolicLink(_ target: String, at path: TreePath) throws(FileError) { try inner.symbolicLink(target, at: path) }

    func readLink(_ path: TreePath) throws(FileError) -> String { try inner.readLink(path) }

    func rename(_ old: TreePath, to new: TreePath) throws(FileError) { if new != skipsRename { try inner.rename(old, to: new) } }

    func remove(_ path: TreePath) throws(FileError) { try inner.remove(path) }

    func removeDirectory(_ path: TreePath) throws(FileError) { try inner.removeDirectory(path) }

    func syncDirectory(_ path: TreePath) throws(FileError) { if !skipsFolderSync { try inner.syncDirectory(path) } }

    func syncAll() throws(FileError) { if !skipsSyncAll { try inner.syncAll() } }

    func setMode(_ path: TreePath, mode: UInt16) throws(FileError) { try inner.setMode(path, mode: mode) }

    func entry(_ path: TreePath) throws(FileError) -> FileEntry? { try inner.entry(path) }

    func list(_ path: TreePath) throws(FileError) -> [String] { try inner.list(path) }

    func freeBytes() throws(FileError) -> Int64 { try inner.freeBytes() }

    private func wrong(_ file: any TreeFile, _ path: TreePath) -> any TreeFile {
        let (isLate, isDamaged) = (delaysJournal && path.name.hasPrefix("journal"), damagesWrites && path.name == "notes")
        return skipsFileSync || isLate || isDamaged ? WrongFile(file, skipsSync: skipsFileSync, isLate: isLate, damages: isDamaged) : file
    }
}

private final class WrongFile: TreeFile {
    private let inner: any TreeFile
    private let skipsSync: Bool
    private let isLate: Bool
    private let damages: Bool
    private let kept = Mutex<(bytes: [UInt8], offset: Int64)?>(nil)

    init(_ inner: any TreeFile, skipsSync: Bool, isLate: Bool, damages: Bool) {
        self.inner = inner
        self.skipsSync = skipsSync
        self.isLate = isLate
        self.damages = damages
    }

    func read(at offset: Int64, max: Int) throws(FileError) -> [UInt8] { try inner.read(at: offset, max: max) }

    func write(_ bytes: [UInt8], at offset: Int64) throws(FileError) {
        // The journal is made at full length first; its records are small.
        guard isLate, bytes.count <= 1024 else { return try inner.write(damages ? bytes.map { $0 ^ 1 } : bytes, at: offset) }
        let last = kept.withLock { kept in
            defer { kept = (bytes, offset) }
            return kept
        }
        if let last { try inner.write(last.bytes, at: last.offset) }
    }

    func truncate(to length: Int64) throws(FileError) { try inner.truncate(to: length) }

    func sync() throws(FileError) { if !skipsSync { try inner.sync() } }

    func length() throws(FileError) -> Int64 { try inner.length() }
}
