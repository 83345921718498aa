import Glibc

/// A fresh folder of this test alone.
func makeScratchFolder() throws -> String {
    var template = Array("/tmp/uplift-exchange-test.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw TestFailure("mkdtemp failed: \(errno)") }
    return String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// Removes a folder with everything in it.
func removeFolder(_ path: String) {
    for name in folderEntries(path) {
        let inner = path + "/" + name
        if unlink(inner) != 0 { removeFolder(inner) }
    }
    rmdir(path)
}

/// The names in a folder.
func folderEntries(_ path: String) -> [String] {
    guard let listing = opendir(path) else { return [] }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if name != "." && name != ".." { names.append(name) }
    }
    return names
}

/// All bytes of a file.
func readFile(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw TestFailure("cannot open \(path): \(errno)") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = read(descriptor, &chunk, chunk.count)
        guard count >= 0 else { throw TestFailure("cannot read \(path): \(errno)") }
        if count == 0 { return bytes }
        bytes += chunk.prefix(count)
    }
}

/// Writes a whole file.
func writeFile(_ path: String, _ bytes: [UInt8]) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0, write(descriptor, bytes, bytes.count) == bytes.count else { throw TestFailure("cannot write \(path): \(errno)") }
    close(descriptor)
}

/// A copy of a folder as it is at this moment, which is what a power cut leaves of files that were synced.
func copyFolder(_ from: String, to path: String) throws {
    mkdir(path, 0o700)
    for name in folderEntries(from) {
        let (source, target) = (from + "/" + name, path + "/" + name)
        var status = stat()
        guard lstat(source, &status) == 0 else { continue }
        if status.st_mode & S_IFMT == S_IFDIR { try copyFolder(source, to: target) } else { try writeFile(target, try readFile(source)) }
    }
}
