import Foundation

/// Programs that a test of the hub starts.
enum ServerPrograms {
    /// `UPLIFT_BIN`, or the debug build of this checkout.
    static let hub: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return (ProcessInfo.processInfo.environment["UPLIFT_BIN"] ?? url.path + "/.build/debug") + "/uplift-exchange"
    }()

    /// Runs a program to its end; what it wrote, and its exit code.
    static func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) async throws -> (
        output: String, status: Int32
    ) {
        let running = try ServerProcess(program, arguments, environment: environment)
        return (try await running.output(), try await running.end())
    }
}

/// A program under way; killed when the object goes.
final class ServerProcess: @unchecked Sendable {
    private let process = Process()
    private let pipe = Pipe()

    init(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    /// Its number.
    var id: Int32 { process.processIdentifier }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// Asks it to stop.
    func signalStop() { process.terminate() }

    /// Everything that it writes until it ends.
    func output() async throws -> String {
        try await onThread { [pipe] in String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) }
    }

    /// Its exit code.
    func end() async throws -> Int32 {
        try await onThread { [self] in
            process.waitUntilExit()
            return process.terminationStatus
        }
    }

    private func onThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Swift.Result(catching: work)) }.start()
        }
    }
}
