import UpgradeModel
import UpgradePorts

/// One line for each entry, `kind mode length path`, its bytes behind it.
final class SimArchiveStream: ArchiveStream {
    private var rest: ArraySlice<UInt8>
    /// Of the present entry.
    private var body: ArraySlice<UInt8> = []
    /// Entries that one line stands for.
    private var more: (count: Int, entry: ArchiveEntry)?

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    func next() throws(ArchiveFailure) -> ArchiveEntry? {
        if let (count, entry) = more {
            more = count > 1 ? (count - 1, entry) : nil
            // In folders of two hundred.
            return ArchiveEntry(
                path: "\(entry.path ?? "")\(count / 200)/\(count)", kind: entry.kind, mode: entry.mode, length: entry.length)
        }
        guard !rest.isEmpty else { return nil }
        guard let end = rest.firstIndex(of: 10) else { throw ArchiveFailure(.damaged, "the package ends in the middle of a name") }
        let fields = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ", maxSplits: 3).map(String.init)
        rest = rest[(end + 1)...]
        guard fields.count == 4, let mode = UInt16(fields[1]), let length = Int64(fields[2]), length >= 0 else {
            throw ArchiveFailure(.damaged, "an entry of the package cannot be read")
        }
        return try entry(fields[0], mode: mode, length: length, path: fields[3])
    }

    private func entry(_ kind: String, mode: UInt16, length: Int64, path: String) throws(ArchiveFailure) -> ArchiveEntry {
        body = []
        switch kind {
        case "d": return ArchiveEntry(path: path, kind: .directory, mode: mode, length: 0)
        case "s": return ArchiveEntry(path: path, kind: .symbolicLink("/etc"), mode: mode, length: 0)
        case "h": return ArchiveEntry(path: path, kind: .hardLink("/etc/shadow"), mode: mode, length: 0)
        case "b": return ArchiveEntry(path: path, kind: .special("block device"), mode: mode, length: 0)
        // Only said to be long.
        case "l": return ArchiveEntry(path: path, kind: .file, mode: mode, length: length)
        case "m":
            let first = ArchiveEntry(path: path, kind: .file, mode: mode, length: 0)
            more = (Int(length) - 1, first)
            return first
        default: break
        }
        guard length <= Int64(rest.count) else { throw ArchiveFailure(.damaged, "the package ends in the middle of an entry") }
        body = rest.prefix(Int(length))
        rest = rest.dropFirst(Int(length))
        return ArchiveEntry(path: path, kind: .file, mode: mode, length: length)
    }

    func read(max: Int) throws(ArchiveFailure) -> [UInt8] {
        defer { body = body.dropFirst(max) }
        return Array(body.prefix(max))
    }
}

extension Build.Trap {
    /// What it adds to a package.
    var lines: [UInt8] {
        let text =
            switch self {
            case .parent: "f 420 0 ../evil\n"
            case .absolute: "f 420 0 /etc/evil\n"
            case .symbolicLink: "s 511 0 share/out\nf 420 0 share/out/evil\n"
            case .hardLink: "h 420 0 share/shadow\n"
            case .device: "b 420 0 share/disk\n"
            case .huge: "l 420 10737418240 share/huge\n"
            case .million: "m 420 1000000 share/many\n"
            case .twice: "f 420 0 share/notes\n"
            }
        return Array(text.utf8)
    }
}
