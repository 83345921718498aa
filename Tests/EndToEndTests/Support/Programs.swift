import Foundation

/// Where the executables are, and scratch folders.
enum Programs {
    /// `UPLIFT_BIN`, or the debug build of this checkout.
    static let folder = ProcessInfo.processInfo.environment["UPLIFT_BIN"] ?? repository + "/.build/debug"

    static let repository: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.path
    }()

    static func path(_ name: String) -> String { folder + "/" + name }

    /// The release build, when the test script made one.
    static let releaseFolder = ProcessInfo.processInfo.environment["UPLIFT_RELEASE_BIN"]

    static var isRoot: Bool { geteuid() == 0 }
}

/// A folder that goes away with the object.
final class Scratch: @unchecked Sendable {
    let path: String

    init() {
        var template = Array((NSTemporaryDirectory() + "/uplift-e2e.XXXXXX").utf8CString)
        path = String(cString: mkdtemp(&template))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func folder(_ name: String) throws -> String {
        let folder = path + "/" + name
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }
}

/// What went wrong, in words that a failed test shows.
struct Trouble: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Waits for a condition; the deadline is generous because machines are shared.
func eventually(_ what: String, within seconds: Double = 60, _ condition: () throws -> Bool) throws {
    let deadline = Date().addingTimeInterval(seconds)
    var last: (any Error)?
    while Date() < deadline {
        do { if try condition() { return } } catch { last = error }
        usleep(30_000)
    }
    throw Trouble("\(what) did not happen within \(seconds) s" + (last.map { "; last: \($0)" } ?? ""))
}

/// Runs a tool to its end; its output, or what it said when it failed.
@discardableResult
func tool(_ arguments: [String], environment: [String: String] = [:], accept: Set<Int32> = [0]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard accept.contains(process.terminationStatus) else {
        throw Trouble("\(arguments.joined(separator: " ")) ended with \(process.terminationStatus): \(output)")
    }
    return output
}

/// A program that runs beside the test, with its log in a file.
final class Running: @unchecked Sendable {
    private let process = Process()
    let log: String

    init(_ program: String, _ arguments: [String], log: String, environment: [String: String] = [:]) throws {
        self.log = log
        if !FileManager.default.fileExists(atPath: log) { _ = FileManager.default.createFile(atPath: log, contents: nil) }
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        try output.seekToEnd()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    deinit { if process.isRunning { kill(pid, SIGKILL) } }

    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    /// SIGTERM, and SIGKILL when that does not help.
    @discardableResult
    func stop(within seconds: Double = 20) -> Int32 {
        if process.isRunning { process.terminate() }
        try? eventually("the end of \(pid)", within: seconds) { !process.isRunning }
        return killNow()
    }

    @discardableResult
    func killNow() -> Int32 {
        if process.isRunning { kill(pid, SIGKILL) }
        process.waitUntilExit()
        return process.terminationStatus
    }
}

/// Processes by their parent, from /proc.
enum Processes {
    struct Entry { let pid: Int32, parent: Int32, command: [String] }

    static func all() -> [Entry] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { name in
            guard let pid = Int32(name), let stat = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8),
                let end = stat.lastIndex(of: ")")
            else { return nil }
            let fields = stat[stat.index(end, offsetBy: 2)...].split(separator: " ")
            guard fields.count > 1, fields[0] != "Z", let parent = Int32(fields[1]) else { return nil }
            let line = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(name)/cmdline"))) ?? Data()
            return Entry(pid: pid, parent: parent, command: line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
        }
    }

    /// Peak resident memory of a process in bytes; nil when it is gone.
    static func peak(_ pid: Int32) -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else { return nil }
        for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
            return line.split(separator: " ").compactMap { Int($0) }.first.map { $0 * 1024 }
        }
        return nil
    }
}
