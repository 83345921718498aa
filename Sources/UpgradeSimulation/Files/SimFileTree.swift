import Synchronization
import UpgradeModel
import UpgradePorts

/// A file tree in memory: the rules of the real one, a size, and a place to make any changing operation fail.
///
/// What was not synced is lost only by `SimDisk.afterPowerCut`.
package final class SimFileTree: FileTree {
    /// One changing operation, before it happens.
    package struct Mutation: Hashable, Sendable {
        /// 1 for the first one of this tree.
        package let number: Int
        /// What is about to happen: `rename`, `write`, `sync` …
        package let operation: String
        /// On what.
        package let path: TreePath
    }

    /// Lets an operation pass (nil) or fail without any effect.
    package typealias Fault = @Sendable (Mutation) -> FileError.Kind?

    private struct State {
        var disk: SimDisk
        var mutations = 0
        var fault: Fault?
    }

    private let state: Mutex<State>
    private let owner: UInt32

    /// A tree on a disk; `owner` is what every entry shows.
    package init(_ disk: SimDisk = SimDisk(capacity: 1 << 30), owner: UInt32 = 0) {
        state = Mutex(State(disk: disk))
        self.owner = owner
    }

    /// All that is on the disk now.
    package var disk: SimDisk { state.withLock { $0.disk } }

    /// Changing operations so far, failed ones too.
    package var mutations: Int { state.withLock { $0.mutations } }

    /// From now on, every changing operation asks first; nil ends that.
    package func setFault(_ fault: Fault?) { state.withLock { $0.fault = fault } }

    /// Lets the changing operation with this number fail, counted from now: 1 is the next one.
    package func failMutation(_ number: Int, with kind: FileError.Kind) {
        let absolute = mutations + number
        setFault { $0.number == absolute ? kind : nil }
    }

    /// Makes the disk larger or smaller; what is there stays.
    package func setCapacity(_ capacity: Int64) { state.withLock { $0.disk.capacity = capacity } }

    package func makeDirectory(_ path: TreePath, mode: UInt16) throws(FileError) {
        try change("make folder", path) { disk throws(FileError) in try disk.makeDirectory(path, mode: mode) }
    }

    package func create(_ path: TreePath, mode: UInt16) throws(FileError) -> any TreeFile {
        let number = try change("create", path) { disk throws(FileError) in try disk.create(path, mode: mode) }
        return SimFile(number, path: path, writable: true, in: self)
    }

    package func open(_ path: TreePath, for access: FileAccess) throws(FileError) -> any TreeFile {
        let number = try withDisk { disk throws(FileError) in try disk.open(path) }
        return SimFile(number, path: path, writable: access == .writing, in: self)
    }

    package func link(_ existing: TreePath, to new: TreePath) throws(FileError) {
        try change("link", new) { disk throws(FileError) in try disk.link(existing, to: new) }
    }

    package func symbolicLink(_ target: String, at path: TreePath) throws(FileError) {
        try change("make link", path) { disk throws(FileError) in try disk.symbolicLink(target, at: path) }
    }

    package func readLink(_ path: TreePath) throws(FileError) -> String {
        try withDisk { disk throws(FileError) in try disk.readLink(path) }
    }

    package func rename(_ old: TreePath, to new: TreePath) throws(FileError) {
        try change("rename", new) { disk throws(FileError) in try disk.rename(old, to: new) }
    }

    package func remove(_ path: TreePath) throws(FileError) {
        try change("remove", path) { disk throws(FileError) in try disk.remove(path) }
    }

    package func removeDirectory(_ path: TreePath) throws(FileError) {
        try change("remove folder", path) { disk throws(FileError) in try disk.removeDirectory(path) }
    }

    package func syncDirectory(_ path: TreePath) throws(FileError) {
        try change("sync folder", path) { disk throws(FileError) in try disk.syncDirectory(path) }
    }

    package func syncAll() throws(FileError) { try change("sync all", .root) { disk throws(FileError) in disk.syncAll() } }

    package func setMode(_ path: TreePath, mode: UInt16) throws(FileError) {
        try change("set mode", path) { disk throws(FileError) in try disk.setMode(path, mode: mode) }
    }

    package func entry(_ path: TreePath) throws(FileError) -> FileEntry? {
        try withDisk { disk throws(FileError) in try disk.entry(path, owner: owner) }
    }

    package func list(_ path: TreePath) throws(FileError) -> [String] {
        try withDisk { disk throws(FileError) in try disk.list(path) }
    }

    package func freeBytes() throws(FileError) -> Int64 { state.withLock { $0.disk.free } }

    /// One changing operation: counted, and asked for a fault, before it happens.
    func change<Value: Sendable>(
        _ operation: String, _ path: TreePath, _ body: (inout SimDisk) throws(FileError) -> Value
    ) throws(FileError) -> Value {
        let (fault, mutation) = state.withLock { state in
            state.mutations += 1
            return (state.fault, Mutation(number: state.mutations, operation: operation, path: path))
        }
        if let kind = fault?(mutation) {
            throw FileError(kind, operation: operation, path: path, reason: "operation \(mutation.number) was made to fail")
        }
        return try withDisk(body)
    }

    /// Looks at or changes the disk without being counted.
    func withDisk<Value: Sendable>(_ body: (inout SimDisk) throws(FileError) -> Value) throws(FileError) -> Value {
        try state.withLock { state throws(FileError) in try body(&state.disk) }
    }
}
