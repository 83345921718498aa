import FleetSimulation
import FoundationEssentials
import Glibc

/// A folder that goes away with the object.
final class Scratch: Sendable {
    let path: String

    init(in parent: String) throws {
        var template = Array((parent + "/uplift-real.XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw LiveFailure(.program, "cannot make a scratch folder in \(parent): error \(errno)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// A folder in it.
    func folder(_ name: String) throws -> String {
        let folder = path + "/" + name
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    /// Writes a file, its folders too.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let folder = path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)
        try FileManager.default.createDirectory(atPath: String(folder), withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
}
