import Synchronization
import UpgradeModel
import UpgradePorts

/// The databases of a simulated node by path. Stores on one path share its file, as processes do.
package final class SimStoreOpener: StoreOpener {
    private let files: Mutex<[TreePath: SimDatabase]>

    /// A node whose databases are these; none unless told otherwise.
    package init(_ images: [TreePath: SimDatabase.Image] = [:]) {
        files = Mutex(images.mapValues { SimDatabase($0) })
    }

    /// Every database as it is now: what a power cut leaves, since a commit is durable when it returns.
    package var images: [TreePath: SimDatabase.Image] {
        files.withLock { $0.mapValues(\.image) }
    }

    /// The file itself, for faults and for looking; nil when there is none.
    package func database(_ path: TreePath) -> SimDatabase? {
        files.withLock { $0[path] }
    }

    /// Loses a database, with what was committed.
    package func lose(_ path: TreePath) {
        files.withLock { $0[path] = nil }
    }

    package func open(_ path: TreePath) throws(StoreError) -> any Store {
        let file = try readable(path, to: "open")
        guard file.image.condition != .newer else {
            throw StoreError(.newer, "cannot open the database \(path): a newer version wrote it")
        }
        return SimStore(file)
    }

    package func create(_ path: TreePath) throws(StoreError) -> any Store {
        let fresh = SimDatabase()
        let isTaken = files.withLock { files in
            guard files[path] == nil else { return true }
            files[path] = fresh
            return false
        }
        guard !isTaken else { throw StoreError(.exists, "cannot create the database \(path): a file is there already") }
        return SimStore(fresh)
    }

    package func setAside(_ path: TreePath) throws(StoreError) -> TreePath {
        let target = files.withLock { files -> TreePath? in
            guard let file = files.removeValue(forKey: path) else { return nil }
            var number = 1
            while files[damagedPath(path, number)] != nil { number += 1 }
            files[damagedPath(path, number)] = file
            return damagedPath(path, number)
        }
        guard let target else { throw StoreError(.missing, "cannot set the database \(path) aside: there is no file") }
        return target
    }

    package func copy(_ path: TreePath, to target: TreePath) throws(StoreError) {
        let copy = SimDatabase(try readable(path, to: "copy").image)
        files.withLock { $0[target] = copy }
    }

    private func readable(_ path: TreePath, to verb: String) throws(StoreError) -> SimDatabase {
        guard let file = database(path) else { throw StoreError(.missing, "cannot \(verb) the database \(path): there is no file") }
        guard file.image.condition != .damaged else { throw StoreError(.damaged, "cannot \(verb) the database \(path): it is damaged") }
        return file
    }
}

private func damagedPath(_ path: TreePath, _ number: Int) -> TreePath {
    path.parent.appending("\(path.name).damaged-\(number)")
}
