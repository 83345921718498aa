import UpgradeModel
import UpgradePorts

/// What a package file says of itself, read from its control archive without unpacking anything. Source: deb(5), ar(5).
struct DebReading {
    private static let magic = Array("!<arch>\n".utf8)
    private static let headerLength: Int64 = 60
    private static let textMax = 16 << 20

    let identity: DebIdentity
    /// What it takes when it is installed, in KiB; nil when it does not say.
    let installedSize: Int64?
    /// The sums of its files as it brings them; nil when it brings none.
    let sums: [UInt8]?

    /// Errors: no package file, or one whose control data cannot be read.
    init(_ file: any TreeFile, named name: String, archive: any ArchiveReader) throws {
        let part = try Self.control(in: file, named: name)
        let stream = try archive.open(part)
        var texts: [String: [UInt8]] = [:]
        while let entry = try stream.next() {
            guard let path = entry.path, let key = ["control", "md5sums"].first(where: { path == $0 || path == "./\($0)" }) else {
                continue
            }
            texts[key] = try Self.content(of: stream, named: "\(key) of \(name)")
        }
        let fields = texts["control"].map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard let identity = DebIdentity(control: fields) else {
            throw ReleaseError("\(name) holds no control data with Package, Version and Architecture")
        }
        self.identity = identity
        sums = texts["md5sums"]
        installedSize = DebIdentity.fields(fields)["Installed-Size"].flatMap { Int64($0) }
    }

    private static func content(of stream: any ArchiveStream, named name: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let piece = try stream.read(max: 1 << 20)
            if piece.isEmpty { return bytes }
            bytes += piece
            guard bytes.count <= textMax else { throw ReleaseError("\(name) is longer than \(textMax) bytes") }
        }
    }

    /// The member `control.tar…` as a file of its own.
    private static func control(in file: any TreeFile, named name: String) throws -> FileSlice {
        guard try file.read(at: 0, max: magic.count) == magic else { throw ReleaseError("\(name) is no Debian package") }
        var offset = Int64(magic.count)
        while true {
            let header = try file.read(at: offset, max: Int(headerLength))
            let text = String(decoding: header, as: UTF8.self)
            guard header.count == Int(headerLength), text.hasSuffix("`\n"), let length = Int64(column(header[48..<58])), length >= 0 else {
                throw ReleaseError("\(name) is a damaged Debian package: found no member at byte \(offset)")
            }
            if column(header[..<16]).hasPrefix("control.tar") { return FileSlice(file, from: offset + headerLength, length: length) }
            let (end, isTooFar) = (offset + headerLength).addingReportingOverflow(length + length % 2)
            guard !isTooFar else { throw ReleaseError("\(name) is a damaged Debian package: a member of \(length) bytes") }
            offset = end
        }
    }

    private static func column(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
    }
}

/// A part of a file, read as a file.
final class FileSlice: TreeFile {
    private let file: any TreeFile
    private let start: Int64
    private let end: Int64

    init(_ file: any TreeFile, from start: Int64, length: Int64) {
        self.file = file
        self.start = start
        end = start + length
    }

    func read(at offset: Int64, max: Int) throws(FileError) -> [UInt8] {
        let left = end - start - offset
        guard left > 0 else { return [] }
        return try file.read(at: start + offset, max: Int(min(Int64(max), left)))
    }

    func length() throws(FileError) -> Int64 { max(0, min(end, try file.length()) - start) }

    func write(_ bytes: [UInt8], at offset: Int64) throws(FileError) { throw readOnly("write") }

    func truncate(to length: Int64) throws(FileError) { throw readOnly("truncate") }

    func sync() throws(FileError) { throw readOnly("sync") }

    private func readOnly(_ operation: String) -> FileError {
        FileError(.denied, operation: operation, path: .root, reason: "a part of a file is only read")
    }
}
