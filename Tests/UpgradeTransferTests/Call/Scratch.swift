import Glibc

/// A folder of its own for one test; goes with its files.
final class Scratch {
    struct NotMade: Error {}

    let path: String

    init() throws {
        var template = Array("/tmp/uplift-transfer-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw NotMade() }
        path = String(cString: made)
    }

    deinit { Self.remove(path) }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        guard let file = fopen(path + "/" + name, "w") else { throw NotMade() }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw NotMade() }
    }

    private static func remove(_ path: String) {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
                if name != ".", name != ".." { remove(path + "/" + name) }
            }
            closedir(folder)
        }
        Glibc.remove(path)
    }
}
