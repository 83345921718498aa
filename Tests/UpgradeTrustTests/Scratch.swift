import Foundation
import Testing
import UpgradePorts

/// A folder for one test, gone with it.
final class Scratch: Sendable {
    let folder: String

    init() throws {
        var template = Array((NSTemporaryDirectory() + "/uplift-trust-XXXXXX").utf8CString)
        folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func write(_ name: String, _ bytes: some Sequence<UInt8>) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    }

    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path(name))))
    }

    /// Runs the `openssl` command in the folder.
    /// - Returns: its exit code.
    @discardableResult
    func openssl(_ line: String) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = line.split(separator: " ").map(String.init)
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}

/// The failure that the body throws; nil when it throws none.
func failure(_ body: () throws -> Void) -> TrustFailure? {
    do {
        try body()
        return nil
    } catch let failure as TrustFailure {
        return failure
    } catch {
        Issue.record("an error of another type: \(error)")
        return nil
    }
}
