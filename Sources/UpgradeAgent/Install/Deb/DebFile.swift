import UpgradeModel
import UpgradePorts

/// Which package, in which version, for which machine.
struct DebIdentity: Hashable, CustomStringConvertible {
    let name: String
    let version: String
    let architecture: String

    var description: String { "\(name) \(version) (\(architecture))" }

    init(name: String, version: String, architecture: String) {
        self.name = name
        self.version = version
        self.architecture = architecture
    }

    /// From a control file; nil when a field is missing or is no plain word.
    init?(control text: String) {
        let values = Self.fields(text)
        guard let name = values["Package"], let version = values["Version"], let architecture = values["Architecture"],
            [name, version, architecture].allSatisfy({ TreePath.isAllowed($0) && $0.first != "-" })
        else { return nil }
        self.init(name: name, version: version, architecture: architecture)
    }

    /// The first word of each field of a control file.
    static func fields(_ text: String) -> [String: String] {
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let word = parts[1].split(whereSeparator: { $0 == " " || $0 == "\t" }).first else { continue }
            values[String(parts[0])] = String(word)
        }
        return values
    }

    /// As apt names it in its cache.
    var cacheName: String { "\(name)_\(Self.escaped(version))_\(architecture).deb" }

    private static func escaped(_ version: String) -> String {
        version.split(separator: ":", omittingEmptySubsequences: false).joined(separator: "%3a")
    }
}

/// Writes a package file from its two tar archives. Source: deb(5), ar(5).
enum DebFile {
    private static let pieceMax = 1 << 20

    /// Errors: as the tree's; the file is synced.
    static func write(_ path: TreePath, control: TreePath, data: TreePath, in tree: any FileTree) throws(FileError) {
        let file = try tree.create(path, mode: 0o600)
        var offset: Int64 = 0
        func add(_ bytes: [UInt8]) throws(FileError) {
            try file.write(bytes, at: offset)
            offset += Int64(bytes.count)
        }
        try add(Array("!<arch>\n".utf8) + header("debian-binary", 4) + Array("2.0\n".utf8))
        for (name, path) in [("control.tar", control), ("data.tar", data)] {
            let part = try tree.open(path, for: .reading)
            let length = try part.length()
            try add(header(name, length))
            var position: Int64 = 0
            while position < length {
                let piece = try part.read(at: position, max: pieceMax)
                if piece.isEmpty { throw FileError(.other, operation: "read", path: path, reason: "it became shorter meanwhile") }
                try add(piece)
                position += Int64(piece.count)
            }
            if length % 2 == 1 { try add([UInt8(ascii: "\n")]) }
        }
        try file.sync()
    }

    /// Name, time, owner, group, mode, length, each left-justified in its columns.
    private static func header(_ name: String, _ length: Int64) -> [UInt8] {
        func column(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.utf8.count)) }
        return Array(
            (column(name, 16) + column("0", 12) + column("0", 6) + column("0", 6) + column("100644", 8) + column("\(length)", 10) + "`\n")
                .utf8)
    }
}
