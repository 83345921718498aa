import Synchronization
import UpgradeAgent
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// A disk that passes everything on; its children forget or delay something, as a wrong installer would.
class PassingTree: FileTree, @unchecked Sendable {
    let next: any FileTree

    init(_ next: any FileTree) { self.next = next }

    func makeDirectory(_ path: TreePath, mode: UInt16) throws(FileError) { try next.makeDirectory(path, mode: mode) }
    func create(_ path: TreePath, mode: UInt16) throws(FileError) -> any TreeFile { try next.create(path, mode: mode) }
    func open(_ path: TreePath, for access: FileAccess) throws(FileError) -> any TreeFile { try next.open(path, for: access) }
    func link(_ existing: TreePath, to new: TreePath) throws(FileError) { try next.link(existing, to: new) }
    func symbolicLink(_ target: String, at path: TreePath) throws(FileError) { try next.symbolicLink(target, at: path) }
    func readLink(_ path: TreePath) throws(FileError) -> String { try next.readLink(path) }
    func rename(_ old: TreePath, to new: TreePath) throws(FileError) { try next.rename(old, to: new) }
    func remove(_ path: TreePath) throws(FileError) { try next.remove(path) }
    func removeDirectory(_ path: TreePath) throws(FileError) { try next.removeDirectory(path) }
    func syncDirectory(_ path: TreePath) throws(FileError) { try next.syncDirectory(path) }
    func syncAll() throws(FileError) { try next.syncAll() }
    func setMode(_ path: TreePath, mode: UInt16) throws(FileError) { try next.setMode(path, mode: mode) }
    func entry(_ path: TreePath) throws(FileError) -> FileEntry? { try next.entry(path) }
    func list(_ path: TreePath) throws(FileError) -> [String] { try next.list(path) }
    func freeBytes() throws(FileError) -> Int64 { try next.freeBytes() }
}

/// The undo of an interrupted assembly, one step too few: what was moved into the release is not moved back before the release is removed.
final class OneUndoTooFew: PassingTree, @unchecked Sendable {
    override func rename(_ old: TreePath, to new: TreePath) throws(FileError) {
        if new != Layout.staged(Fixture.ticket) { try next.rename(old, to: new) }
    }
}

/// One sync of a folder is missing: the one after a rename of `current`.
final class OneSyncMissing: PassingTree, @unchecked Sendable {
    private let isMissing = Mutex(false)

    override func rename(_ old: TreePath, to new: TreePath) throws(FileError) {
        try next.rename(old, to: new)
        if new == Layout.current { isMissing.withLock { $0 = true } }
    }

    override func syncDirectory(_ path: TreePath) throws(FileError) {
        let isForgotten = isMissing.withLock { isMissing in
            defer { if path == .root { isMissing = false } }
            return isMissing && path == .root
        }
        if !isForgotten { try next.syncDirectory(path) }
    }
}

/// What was compared and linked is never made durable.
final class SyncOfAllMissing: PassingTree, @unchecked Sendable {
    override func syncAll() throws(FileError) {}
}

/// The record of the switch is written after its effect: it is held back until the next change of the disk has been made.
final class JournalAfterEffect: PassingTree, @unchecked Sendable {
    private let late = Mutex<[@Sendable () throws(FileError) -> Void]>([])

    override func create(_ path: TreePath, mode: UInt16) throws(FileError) -> any TreeFile {
        let file = try next.create(path, mode: mode)
        return path.name == "journal.new" ? LateFile(file, in: self) : file
    }

    override func open(_ path: TreePath, for access: FileAccess) throws(FileError) -> any TreeFile {
        let file = try next.open(path, for: access)
        return path.name == "journal" ? LateFile(file, in: self) : file
    }

    override func rename(_ old: TreePath, to new: TreePath) throws(FileError) {
        try next.rename(old, to: new)
        try catchUp()
    }

    fileprivate func hold(_ write: @escaping @Sendable () throws(FileError) -> Void) { late.withLock { $0.append(write) } }

    fileprivate var isLate: Bool { late.withLock { !$0.isEmpty } }

    private func catchUp() throws(FileError) {
        let writes = late.withLock { late in
            defer { late = [] }
            return late
        }
        for write in writes { try write() }
    }
}

private final class LateFile: TreeFile {
    private let file: any TreeFile
    private let tree: JournalAfterEffect

    init(_ file: any TreeFile, in tree: JournalAfterEffect) { (self.file, self.tree) = (file, tree) }

    func read(at offset: Int64, max: Int) throws(FileError) -> [UInt8] { try file.read(at: offset, max: max) }
    func length() throws(FileError) -> Int64 { try file.length() }
    func truncate(to length: Int64) throws(FileError) { try file.truncate(to: length) }

    func write(_ bytes: [UInt8], at offset: Int64) throws(FileError) {
        guard String(decoding: bytes.prefix(200), as: UTF8.self).contains("switchIntended") else {
            return try file.write(bytes, at: offset)
        }
        let file = file
        tree.hold { () throws(FileError) in
            try file.write(bytes, at: offset)
            try file.sync()
        }
    }

    func sync() throws(FileError) { if !tree.isLate { try file.sync() } }
}
