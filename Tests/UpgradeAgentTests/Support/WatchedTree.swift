import Synchronization
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// A simulated tree that knows what a power cut could still take: files written and not synced, names made and not synced.
final class WatchedTree: FileTree {
    /// What is not durable.
    struct Risk: Hashable, Sendable {
        var files: Set<TreePath> = []
        var folders: Set<TreePath> = []

        /// What of it lies in a folder, the folder itself included.
        func inside(_ folder: TreePath) -> [String] {
            let inside = { (path: TreePath) in path.components.starts(with: folder.components) }
            return files.filter(inside).map { "file \($0)" }.sorted() + folders.filter(inside).map { "names in \($0)" }.sorted()
        }

        mutating func move(_ old: TreePath, to new: TreePath) {
            files = Set(files.map { $0.moved(old, to: new) })
            folders = Set(folders.map { $0.moved(old, to: new) })
            folders.formUnion([old.parent, new.parent])
        }
    }

    let inner: SimFileTree
    private let state: Mutex<Risk>
    /// Where open files are now: a rename takes them along.
    private let open = Mutex<[Shared<TreePath>]>([])

    init(_ inner: SimFileTree, risk: Risk = Risk()) {
        self.inner = inner
        state = Mutex(risk)
    }

    var risk: Risk { state.withLock { $0 } }

    func note(_ change: (inout Risk) -> Void) { state.withLock { change(&$0) } }

    func makeDirectory(_ path: TreePath, mode: UInt16) throws(FileError) {
        try inner.makeDirectory(path, mode: mode)
        note { $0.folders.insert(path.parent) }
    }

    func create(_ path: TreePath, mode: UInt16) throws(FileError) -> any TreeFile {
        let file = try inner.create(path, mode: mode)
        note {
            $0.folders.insert(path.parent)
            $0.files.insert(path)
        }
        return watched(file, path)
    }

    private func watched(_ file: any TreeFile, _ path: TreePath) -> WatchedFile {
        let place = Shared(path)
        open.withLock { $0.append(place) }
        return WatchedFile(file, place: place, in: self)
    }

    func open(_ path: TreePath, for access: FileAccess) throws(FileError) -> any TreeFile {
        watched(try inner.open(path, for: access), path)
    }

    func link(_ existing: TreePath, to new: TreePath) throws(FileError) {
        try inner.link(existing, to: new)
        note {
            $0.folders.insert(new.parent)
            if $0.files.contains(existing) { $0.files.insert(new) }
        }
    }

    func symbolicLink(_ target: String, at path: TreePath) throws(FileError) {
        try inner.symbolicLink(target, at: path)
        note { $0.folders.insert(path.parent) }
    }

    func readLink(_ path: TreePath) throws(FileError) -> String { try inner.readLink(path) }

    func rename(_ old: TreePath, to new: TreePath) throws(FileError) {
        try inner.rename(old, to: new)
        note { $0.move(old, to: new) }
        open.withLock { for place in $0 { place.change { $0 = $0.moved(old, to: new) } } }
    }

    func remove(_ path: TreePath) throws(FileError) {
        try inner.remove(path)
        // A name that comes back after a power cut takes nothing away.
        note { $0.files.remove(path) }
    }

    func removeDirectory(_ path: TreePath) throws(FileError) {
        try inner.removeDirectory(path)
        note { $0.folders.remove(path) }
    }

    func syncDirectory(_ path: TreePath) throws(FileError) {
        try inner.syncDirectory(path)
        note { $0.folders.remove(path) }
    }

    func setMode(_ path: TreePath, mode: UInt16) throws(FileError) { try inner.setMode(path, mode: mode) }
    func entry(_ path: TreePath) throws(FileError) -> FileEntry? { try inner.entry(path) }
    func list(_ path: TreePath) throws(FileError) -> [String] { try inner.list(path) }
    func freeBytes() throws(FileError) -> Int64 { try inner.freeBytes() }
}

private final class WatchedFile: TreeFile {
    private let file: any TreeFile
    private let place: Shared<TreePath>
    private let tree: WatchedTree

    init(_ file: any TreeFile, place: Shared<TreePath>, in tree: WatchedTree) {
        self.file = file
        self.place = place
        self.tree = tree
    }

    func read(at offset: Int64, max: Int) throws(FileError) -> [UInt8] { try file.read(at: offset, max: max) }
    func length() throws(FileError) -> Int64 { try file.length() }

    func write(_ bytes: [UInt8], at offset: Int64) throws(FileError) {
        tree.note { $0.files.insert(place.value) }
        try file.write(bytes, at: offset)
    }

    func truncate(to length: Int64) throws(FileError) {
        tree.note { $0.files.insert(place.value) }
        try file.truncate(to: length)
    }

    func sync() throws(FileError) {
        try file.sync()
        tree.note { $0.files.remove(place.value) }
    }
}

extension TreePath {
    /// Where this path is after a rename of itself or of a folder above it.
    fileprivate func moved(_ old: TreePath, to new: TreePath) -> TreePath {
        components.starts(with: old.components) ? new.appending(dropping(old.components.count)) : self
    }
}
