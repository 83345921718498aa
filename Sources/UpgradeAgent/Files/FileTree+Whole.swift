import UpgradeModel
import UpgradePorts

/// Whole small files and whole folders, made of the port's single operations.
extension FileTree {
    /// Reads a small file. Errors: as `open`; `.other` when it is longer than `max`.
    package func contents(_ path: TreePath, max: Int = 1 << 20) throws(FileError) -> [UInt8] {
        let file = try open(path, for: .reading)
        let length = try file.length()
        guard length <= Int64(max) else {
            throw FileError(.other, operation: "read", path: path, reason: "found \(length) bytes, expected at most \(max)")
        }
        return try file.read(at: 0, max: max)
    }

    /// Reads a small text; nil when there is no such file.
    package func text(_ path: TreePath, max: Int = 1 << 20) throws(FileError) -> String? {
        do {
            return String(decoding: try contents(path, max: max), as: UTF8.self)
        } catch  where error.kind == .missing {
            return nil
        }
    }

    /// Writes a small file in one step: a new name, synced, renamed over the old one, folder synced. After a cut the old or the new one is there.
    package func replace(_ path: TreePath, with bytes: [UInt8], mode: UInt16 = 0o644) throws(FileError) {
        let new = path.parent.appending(path.name + ".new")
        try removeIfPresent(new)
        let file = try create(new, mode: mode)
        try file.write(bytes, at: 0)
        try file.sync()
        try rename(new, to: path)
        try syncDirectory(path.parent)
    }

    /// Removes a file or link that may not be there.
    package func removeIfPresent(_ path: TreePath) throws(FileError) {
        do {
            try remove(path)
        } catch  where error.kind == .missing {}
    }

    /// Makes a folder that may be there.
    package func ensureDirectory(_ path: TreePath, mode: UInt16) throws(FileError) {
        do {
            try makeDirectory(path, mode: mode)
        } catch  where error.kind == .exists {
            guard try entry(path)?.kind == .directory else {
                throw FileError(.unexpectedKind, operation: "use as folder", path: path, reason: "found something else under this name")
            }
        }
    }

    /// Removes a folder with all that is in it; one that is not there is fine. Iterative: depth is the attacker's choice.
    package func removeTree(_ path: TreePath) throws(FileError) {
        guard let top = try entry(path) else { return }
        guard top.kind == .directory else { return try remove(path) }
        var pending = [path]
        while let folder = pending.last {
            var folders: [TreePath] = []
            for name in try list(folder) {
                let child = folder.appending(name)
                if try entry(child)?.kind == .directory { folders.append(child) } else { try removeIfPresent(child) }
            }
            if folders.isEmpty {
                try removeDirectory(folder)
                pending.removeLast()
            } else {
                pending += folders
            }
        }
    }

    /// Makes or replaces a link to a release in one step.
    package func setLink(_ path: TreePath, to text: String) throws(FileError) {
        let new = path.parent.appending(path.name + ".set")
        try removeIfPresent(new)
        try symbolicLink(text, at: new)
        try rename(new, to: path)
        try syncDirectory(path.parent)
    }

    /// The release that a link names; nil when the link is not there or is not one of ours.
    package func release(at link: TreePath) throws(FileError) -> Int? {
        do {
            return Layout.releaseNumber(ofLink: try readLink(link))
        } catch  where error.kind == .missing {
            return nil
        }
    }
}
