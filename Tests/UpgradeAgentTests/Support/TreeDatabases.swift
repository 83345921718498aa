import UpgradeAgent
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// Databases that are only files of a tree: enough to see which copy was taken when. A copy is one operation, and its bytes are durable when
/// it returns, as the port promises; its name is the installer's to sync.
struct TreeDatabases: StoreOpener {
    let tree: FaultyTree
    let copied: @Sendable (_ source: TreePath, _ target: TreePath) -> Void

    func open(_ path: TreePath) throws(StoreError) -> any Store { throw StoreError(.other, "not opened in these tests") }

    func create(_ path: TreePath) throws(StoreError) -> any Store { throw StoreError(.other, "not made in these tests") }

    func setAside(_ path: TreePath) throws(StoreError) -> TreePath { throw StoreError(.other, "not set aside in these tests") }

    func copy(_ path: TreePath, to target: TreePath) throws(StoreError) {
        do throws(FileError) {
            try tree.change("copy database", target) { () throws(FileError) in
                let bytes = try tree.inner.contents(path)
                try tree.inner.removeIfPresent(target)
                let file = try tree.inner.create(target, mode: 0o600)
                try file.write(bytes, at: 0)
                try file.sync()
            }
            copied(path, target)
        } catch {
            throw StoreError(error.kind == .noSpace ? .noSpace : error.kind == .missing ? .missing : .other, error.description)
        }
    }
}
