import UpgradeAgent
import UpgradeModel
import UpgradePorts

/// Databases that are only files of a tree: enough to see which copy was taken when.
struct TreeDatabases: StoreOpener {
    let tree: any FileTree

    func open(_ path: TreePath) throws(StoreError) -> any Store { throw StoreError(.other, "not opened in these tests") }

    func create(_ path: TreePath) throws(StoreError) -> any Store { throw StoreError(.other, "not made in these tests") }

    func setAside(_ path: TreePath) throws(StoreError) -> TreePath { throw StoreError(.other, "not set aside in these tests") }

    func copy(_ path: TreePath, to target: TreePath) throws(StoreError) {
        do throws(FileError) {
            try tree.replace(target, with: try tree.contents(path))
        } catch {
            throw StoreError(error.kind == .noSpace ? .noSpace : error.kind == .missing ? .missing : .other, error.description)
        }
    }
}
