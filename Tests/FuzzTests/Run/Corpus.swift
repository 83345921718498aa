import Foundation

/// The inputs that mutations begin with: files of `Tests/Corpus`, one input each, byte for byte.
enum Corpus {
    /// In the order of their names.
    static func inputs(_ folder: String, here: String = #filePath) throws -> [[UInt8]] {
        let tests = URL(filePath: here).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let path = tests.path + "/Corpus/" + folder
        let inputs = try FileManager.default.contentsOfDirectory(atPath: path).sorted().map { name in
            [UInt8](try Data(contentsOf: URL(filePath: path + "/" + name)))
        }
        guard !inputs.isEmpty else { throw Finding("\(path) holds no input") }
        return inputs
    }
}

/// A folder that goes away with the object.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "uplift-fuzz-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
