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
        let descriptor = """
            {"formatVersion": 1, "name": "uplift", "version": "\(version)", "architecture": "\(SimPackage.architecture)", "strategy": "tree",
             "health": {"command": ["\(SimPackage.healthCommand)"], "deadlineSeconds": 120}}
            """
        var bytes = SimPackage.head
        bytes.add("upgrade-package.json", descriptor)
        bytes.add(folder: "bin")
        bytes.add(SimPackage.program, version, mode: 0o755)
        bytes.add(SimPackage.healthCommand, version, mode: 0o755)
        bytes.add(folder: "share")
        bytes.add("share/notes", "edition \(edition) of \(version)")
        if let trap { bytes += trap.lines }
        self.bytes = bytes
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
