import Foundation
import Testing

/// The compressors and tar of the system, to make archives as other people make them.
enum Tools {
    /// What the shell command writes, given these bytes as input.
    static func run(_ command: String, in folder: URL? = nil, input: [UInt8] = []) throws -> [UInt8] {
        let scratch = try ScratchFolder()
        let source = scratch.url.appending(path: "input")
        let sink = scratch.url.appending(path: "output")
        try Data(input).write(to: source)
        try Data().write(to: sink)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = folder ?? scratch.url
        process.standardInput = try FileHandle(forReadingFrom: source)
        process.standardOutput = try FileHandle(forWritingTo: sink)
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(command) failed")
        return Array(try Data(contentsOf: sink))
    }
}

/// A folder that goes away with the test.
final class ScratchFolder {
    let url: URL

    init() throws {
        var template = Array("/tmp/uplift-archive-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in buffer.baseAddress.map { mkdtemp($0) != nil } ?? false }
        guard made else { throw CocoaError(.fileWriteUnknown) }
        let path = template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        url = URL(filePath: String(decoding: path, as: UTF8.self))
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ path: String, _ bytes: [UInt8], mode: Int = 0o644) throws {
        let file = url.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path(percentEncoded: false))
    }
}
