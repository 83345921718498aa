import Glibc
import Logging
import Synchronization
import UpgradeLocalAPI
import UpgradePorts

/// Answers by a closure, and counts.
final class TestHandler: LocalAPIHandler {
    private let calls = Mutex([LocalRequest]())
    private let body: @Sendable (LocalRequest) -> LocalResponse

    init(_ body: @escaping @Sendable (LocalRequest) -> LocalResponse) {
        self.body = body
    }

    func respond(to request: LocalRequest) -> LocalResponse {
        calls.withLock { $0.append(request) }
        return body(request)
    }

    var count: Int { calls.withLock { $0.count } }
    var doors: [LocalDoor] { calls.withLock { $0.map(\.door) } }
}

/// A started server in a folder of its own.
final class TestServer {
    let folder: String
    let server: LocalAPIServer
    let handler: TestHandler

    var socketPath: String { "\(folder)/agent.sock" }
    var portFile: String { "\(folder)/port" }
    var port: Int { server.port ?? 0 }

    init(
        _ limits: LocalAPILimits = .patient, in folder: String = Scratch.folder(), tcpPort: Int? = 0,
        answer: @escaping @Sendable (LocalRequest) -> LocalResponse = TestServer.echo
    ) throws {
        self.folder = folder
        handler = TestHandler(answer)
        server = Self.unstarted(limits, in: folder, tcpPort: tcpPort, handler: handler)
        try server.start()
    }

    /// For tests of a start that fails: nothing cleans up behind it.
    static func unstarted(
        _ limits: LocalAPILimits = .patient, in folder: String, tcpPort: Int? = 0,
        handler: TestHandler = TestHandler(TestServer.echo)
    ) -> LocalAPIServer {
        LocalAPIServer(
            socketFolder: folder, tcpPort: tcpPort, portFile: "\(folder)/port", limits: limits, handler: handler,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    deinit {
        server.stop()
        Scratch.remove(folder)
    }

    func overSocket() throws -> RawClient { try RawClient(path: socketPath) }
    func overTCP() throws -> RawClient { try RawClient(port: port) }

    /// Says what the handler saw.
    static let echo: @Sendable (LocalRequest) -> LocalResponse = { request in
        let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
        let text = "\(request.method) [\(request.path.joined(separator: "|"))] (\(query)) \(request.body.count)"
        return LocalResponse(200, body: Array(text.utf8), contentType: "text/plain")
    }
}

extension LocalAPILimits {
    /// Long enough never to strike in a slow test run.
    static var patient: LocalAPILimits {
        var limits = LocalAPILimits()
        limits.requestTime = .seconds(60)
        limits.idleTime = .seconds(60)
        limits.writeTime = .seconds(60)
        limits.lingerTime = .seconds(60)
        return limits
    }
}

enum Scratch {
    static func folder() -> String {
        var template = Array("/tmp/uplift-api-XXXXXX".utf8CString)
        _ = mkdtemp(&template)
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    static func remove(_ folder: String) {
        for name in ["agent.sock", "port", "port.new"] { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }

    static func mode(_ path: String) -> UInt32? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode : nil
    }

    static func text(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        let count = read(descriptor, &buffer, buffer.count)
        return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
    }

    static func write(_ text: String, to path: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        _ = Glibc.write(descriptor, text, text.utf8.count)
        close(descriptor)
    }
}
