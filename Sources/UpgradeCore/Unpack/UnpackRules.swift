import UpgradeModel

/// Decides, entry by entry, what of an archive may be written; the first refusal ends the archive.
///
/// Only plain files and folders with plain names below the root are taken. Links are refused altogether: no package needs them, and
/// every escape from an archive began with one. Setuid, setgid and sticky bits are refused, never masked in silence; the
/// other bits are reduced to 0755 and 0644, so that what is installed does not depend on somebody's umask.
/// Two names that Unicode calls equivalent are duplicates. Source: architecture, "Bytes and trust"; lessons 2d (libarchive, Mender).
package struct UnpackRules: Sendable {
    /// How much one archive may hold.
    package let limits: UnpackLimits
    /// Entries seen and folders implied by them.
    package private(set) var count = 0
    /// Bytes of all accepted files.
    package private(set) var totalLength: Int64 = 0
    /// Bytes that the accepted entries take on a file system with blocks of 4 KiB: what must be free before they are written.
    package private(set) var spaceNeeded: Int64 = 0

    private var seen: [TreePath: Occupant] = [:]

    private enum Occupant { case file, directory, impliedDirectory }

    /// Rules for one archive, nothing seen yet.
    package init(limits: UnpackLimits = UnpackLimits()) {
        self.limits = limits
    }

    /// What to write for this entry, in this order: folders that its path implies and no entry named before, then itself.
    ///
    /// Empty for the root (`./`) and for a folder that an earlier path implied already. Errors: the reason; the rules must not be
    /// asked again after it.
    package mutating func accept(_ entry: ArchiveEntry) throws(UnpackRefusal) -> [AcceptedEntry] {
        try countOne(entry)
        let isFolder = try checkKind(entry)
        guard let path = try PathRule(limits: limits).path(of: entry, isFolder: isFolder) else { return [] }
        try checkMode(entry)
        let implied = try implyFolders(above: path, entry)
        if isFolder { return implied + (try acceptFolder(path, entry)) }
        return implied + [try acceptFile(path, entry)]
    }

    private mutating func countOne(_ entry: ArchiveEntry) throws(UnpackRefusal) {
        count += 1
        guard count <= limits.entriesMax else {
            throw UnpackRefusal(.tooManyEntries, entry: entry.path, found: "entry \(count)", expected: "at most \(limits.entriesMax)")
        }
    }

    private func checkKind(_ entry: ArchiveEntry) throws(UnpackRefusal) -> Bool {
        let expected = "a file or folder; links are not supported"
        switch entry.kind {
        case .file: return false
        case .directory: return true
        case .symbolicLink(let target):
            throw UnpackRefusal(
                .symbolicLink, entry: entry.path, found: "a symbolic link to `\(VisibleText.escaping(target))`", expected: expected)
        case .hardLink(let target):
            throw UnpackRefusal(.hardLink, entry: entry.path, found: "a hard link to `\(VisibleText.escaping(target))`", expected: expected)
        case .special(let name):
            throw UnpackRefusal(.specialFile, entry: entry.path, found: VisibleText.escaping(name), expected: "a plain file or folder")
        }
    }

    private func checkMode(_ entry: ArchiveEntry) throws(UnpackRefusal) {
        guard entry.mode & ~0o777 == 0 else {
            let octal = String(entry.mode, radix: 8)
            throw UnpackRefusal(.specialMode, entry: entry.path, found: "mode \(octal)", expected: "no setuid, setgid or sticky bit")
        }
    }

    private mutating func implyFolders(above path: TreePath, _ entry: ArchiveEntry) throws(UnpackRefusal) -> [AcceptedEntry] {
        var missing: [AcceptedEntry] = []
        var folder = path.parent
        while folder != .root {
            switch seen[folder] {
            case .directory, .impliedDirectory: folder = .root
            case .file:
                throw UnpackRefusal(
                    .fileAsFolder, entry: entry.path, found: "`\(VisibleText.escaping(folder.text))`, a file before, used as a folder",
                    expected: "a folder")
            case nil:
                missing.append(.directory(folder))
                folder = folder.parent
            }
        }
        for folder in missing.reversed() {
            try countOne(entry)
            seen[folder.path] = .impliedDirectory
            spaceNeeded += UnpackRules.blockLength
        }
        return missing.reversed()
    }

    private mutating func acceptFolder(_ path: TreePath, _ entry: ArchiveEntry) throws(UnpackRefusal) -> [AcceptedEntry] {
        let before = seen.updateValue(.directory, forKey: path)
        switch before {
        case nil:
            spaceNeeded += UnpackRules.blockLength
            return [.directory(path)]
        case .impliedDirectory: return []
        case .file, .directory: throw duplicate(entry)
        }
    }

    private mutating func acceptFile(_ path: TreePath, _ entry: ArchiveEntry) throws(UnpackRefusal) -> AcceptedEntry {
        guard let length = entry.length, length >= 0 else {
            throw UnpackRefusal(.lengthUnknown, entry: entry.path, found: "no length", expected: "a length of 0 or more")
        }
        guard length <= limits.fileLengthMax else {
            throw UnpackRefusal(.fileTooLong, entry: entry.path, found: "\(length) bytes", expected: "at most \(limits.fileLengthMax)")
        }
        guard length <= limits.totalLengthMax - totalLength else {
            let found = "\(totalLength) bytes before and \(length) here"
            throw UnpackRefusal(.totalTooLong, entry: entry.path, found: found, expected: "at most \(limits.totalLengthMax) in all")
        }
        guard seen.updateValue(.file, forKey: path) == nil else { throw duplicate(entry) }
        totalLength += length
        // One block more than the contents need, for the name and the inode.
        spaceNeeded += (length / UnpackRules.blockLength + 2) * UnpackRules.blockLength
        return AcceptedEntry(path: path, kind: .file, mode: entry.mode & 0o100 == 0 ? 0o644 : 0o755, length: length)
    }

    private func duplicate(_ entry: ArchiveEntry) -> UnpackRefusal {
        UnpackRefusal(.duplicatePath, entry: entry.path, found: "this path a second time", expected: "each path once")
    }

    private static let blockLength: Int64 = 4096
}
