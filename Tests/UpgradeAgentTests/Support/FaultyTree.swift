import Synchronization
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// The disk as installer and agent see it: every changing operation has a number, is shown to a watcher before it happens, and fails when the
/// watcher says so. What the test itself does on the simulated tree inside is not counted.
final class FaultyTree: FileTree {
    /// One changing operation.
    struct Operation: Hashable, Sendable, CustomStringConvertible {
        let name: String
        let path: TreePath

        var description: String { "\(name) \(path)" }
    }

    /// How an operation fails.
    enum Failure: Sendable {
        /// It does nothing.
        case error, noSpace
        /// A write is cut short; anything else is done, and yet reported as an error.
        case halfway
    }

    /// Sees number (from 1) and operation.
    typealias Watcher = @Sendable (Int, Operation) -> Failure?

    private struct State {
        var count = 0
        var watcher: Watcher?
        /// Where open files are now: a rename takes them along.
        var open: [Shared<TreePath>] = []
    }

    let inner: SimFileTree
    private let state = Mutex(State())

    init(_ inner: SimFileTree) { self.inner = inner }

    func watch(_ watcher: Watcher?) { state.withLock { $0.watcher = watcher } }

    func change<Value>(_ name: String, _ path: TreePath, _ body: () throws(FileError) -> Value) throws(FileError) -> Value {
        let failure = consult(name, path)
        if failure == .noSpace { throw FaultyTree.error(.noSpace, name, path) }
        if failure == .error { throw FaultyTree.error(.other, name, path) }
        let value = try body()
        if failure == .halfway { throw FaultyTree.error(.other, name, path) }
        return value
    }

    fileprivate func consult(_ name: String, _ path: TreePath) -> Failure? {
        let (watcher, number) = state.withLock { state in
            state.count += 1
            return (state.watcher, state.count)
        }
        return watcher?(number, Operation(name: name, path: path))
    }

    fileprivate static func error(_ kind: FileError.Kind, _ operation: String, _ path: TreePath) -> FileError {
        FileError(kind, operation: operation, path: path, reason: "it was made to fail")
    }

    func makeDirectory(_ path: TreePath, mode: UInt16) throws(FileError) {
        try change("make folder", path) { () throws(FileError) in try inner.makeDirectory(path, mode: mode) }
    }

    func create(_ path: TreePath, mode: UInt16) throws(FileError) -> any TreeFile {
        opened(try change("create", path) { () throws(FileError) in try inner.create(path, mode: mode) }, path)
    }

    func open(_ path: TreePath, for access: FileAccess) throws(FileError) -> any TreeFile {
        opened(try inner.open(path, for: access), path)
    }

    private func opened(_ file: any TreeFile, _ path: TreePath) -> FaultyFile {
        let place = Shared(path)
        state.withLock { $0.open.append(place) }
        return FaultyFile(file, place: place, in: self)
    }

    func link(_ existing: TreePath, to new: TreePath) throws(FileError) {
        try change("link", new) { () throws(FileError) in try inner.link(existing, to: new) }
    }

    func symbolicLink(_ target: String, at path: TreePath) throws(FileError) {
        try change("make link", path) { () throws(FileError) in try inner.symbolicLink(target, at: path) }
    }

    func rename(_ old: TreePath, to new: TreePath) throws(FileError) {
        try change("rename", new) { () throws(FileError) in
            try inner.rename(old, to: new)
            for place in state.withLock(\.open) { place.change { $0 = $0.moved(old, to: new) } }
        }
    }

    func remove(_ path: TreePath) throws(FileError) {
        // Nothing to remove is no operation.
        guard try inner.entry(path) != nil else { return try inner.remove(path) }
        try change("remove", path) { () throws(FileError) in try inner.remove(path) }
    }

    func removeDirectory(_ path: TreePath) throws(FileError) {
        try change("remove folder", path) { () throws(FileError) in try inner.removeDirectory(path) }
    }

    func syncDirectory(_ path: TreePath) throws(FileError) {
        try change("sync folder", path) { () throws(FileError) in try inner.syncDirectory(path) }
    }

    func syncAll() throws(FileError) { try change("sync all", .root) { () throws(FileError) in try inner.syncAll() } }

    func setMode(_ path: TreePath, mode: UInt16) throws(FileError) {
        try change("set mode", path) { () throws(FileError) in try inner.setMode(path, mode: mode) }
    }

    func readLink(_ path: TreePath) throws(FileError) -> String { try inner.readLink(path) }
    func entry(_ path: TreePath) throws(FileError) -> FileEntry? { try inner.entry(path) }
    func list(_ path: TreePath) throws(FileError) -> [String] { try inner.list(path) }
    func freeBytes() throws(FileError) -> Int64 { try inner.freeBytes() }
}

private final class FaultyFile: TreeFile {
    private let file: any TreeFile
    private let place: Shared<TreePath>
    private let tree: FaultyTree

    init(_ file: any TreeFile, place: Shared<TreePath>, in tree: FaultyTree) {
        self.file = file
        self.place = place
        self.tree = tree
    }

    func read(at offset: Int64, max: Int) throws(FileError) -> [UInt8] { try file.read(at: offset, max: max) }
    func length() throws(FileError) -> Int64 { try file.length() }

    func write(_ bytes: [UInt8], at offset: Int64) throws(FileError) {
        switch tree.consult("write", place.value) {
        case nil: try file.write(bytes, at: offset)
        case .error: throw FaultyTree.error(.other, "write", place.value)
        case .noSpace: throw FaultyTree.error(.noSpace, "write", place.value)
        case .halfway:
            try file.write(Array(bytes.prefix(bytes.count / 2)), at: offset)
            throw FaultyTree.error(.other, "write", place.value)
        }
    }

    func truncate(to length: Int64) throws(FileError) {
        try tree.change("truncate", place.value) { () throws(FileError) in try file.truncate(to: length) }
    }

    func sync() throws(FileError) {
        try tree.change("sync", place.value) { () throws(FileError) in try file.sync() }
    }
}

extension TreePath {
    /// Where this path is after a rename of itself or of a folder above it.
    fileprivate func moved(_ old: TreePath, to new: TreePath) -> TreePath {
        components.starts(with: old.components) ? new.appending(dropping(old.components.count)) : self
    }
}
