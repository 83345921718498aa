import UpgradeModel
import UpgradePorts

/// A package in a format of its own that costs next to nothing: one line for each entry, its bytes behind it. Real archives are read in the tests
/// of their own room; here a hundred thousand nodes unpack.
struct SimPackage: Sendable {
    static let architecture = "amd64"
    static let program = "bin/upliftd"
    static let healthCommand = "bin/health"
    fileprivate static let head = Array("package\n".utf8)

    let bytes: [UInt8]

    /// The package of a version: a program, a health command, and something beside them.
    /// - Parameter edition: other editions of one version differ in a byte.
    init(version: String, edition: Int = 1, trap: Build.Trap? = nil) {
        var bytes = SimPackage.head
        for (path, text) in SimPackage.files(of: version, edition: edition) {
            if let folder = path.split(separator: "/").dropLast().first, !path.hasSuffix("/health") { bytes.add(folder: String(folder)) }
            bytes.add(path, text, mode: path.hasPrefix("bin/") ? 0o755 : 0o644)
        }
        if let trap { bytes += trap.lines }
        self.bytes = bytes
    }

    /// What lies beside the program.
    static let notes = TreePath.known("share", "notes")

    private static func notes(_ version: String, _ edition: Int) -> String { "edition \(edition) of \(version)" }

    /// True for what lies beside the program of a version.
    static func isNotes(_ text: String, of version: String) -> Bool { [1, 2].contains { text == notes(version, $0) } }

    /// All that is in it.
    static func files(of version: String, edition: Int = 1) -> [(path: String, text: String)] {
        let descriptor = """
            {"formatVersion": 1, "name": "uplift", "version": "\(version)", "architecture": "\(SimPackage.architecture)", "strategy": "tree",
             "health": {"command": ["\(SimPackage.healthCommand)"], "deadlineSeconds": 120}}
            """
        return [
            ("upgrade-package.json", descriptor), (SimPackage.program, version), (SimPackage.healthCommand, version),
            ("share/notes", notes(version, edition)),
        ]
    }
}

extension [UInt8] {
    fileprivate mutating func add(folder: String) { self += Array("d 493 0 \(folder)\n".utf8) }

    fileprivate mutating func add(_ path: String, _ text: String, mode: UInt16 = 0o644) {
        let body = Array(text.utf8)
        self += Array("f \(mode) \(body.count) \(path)\n".utf8) + body
    }
}

/// Reads simulated packages.
struct SimArchive: ArchiveReader {
    func open(_ file: any TreeFile) throws(ArchiveFailure) -> any ArchiveStream {
        var bytes: [UInt8] = []
        do {
            while true {
                let piece = try file.read(at: Int64(bytes.count), max: 1 << 20)
                if piece.isEmpty { break }
                bytes += piece
            }
        } catch { throw ArchiveFailure(.unreadable, "\(error)") }
        guard bytes.starts(with: SimPackage.head) else { throw ArchiveFailure(.unknownFormat, "no package in a format that is known") }
        return SimArchiveStream(bytes[SimPackage.head.count...])
    }
}
