import ExchangeServer
import Glibc
import Logging
import UpgradeWire

/// A hub of our own on a free port, with a scratch folder that goes away.
final class TestHub: Sendable {
    static let rootPassword = "root-password-of-the-test"

    let root: String
    let client: HubClient
    private let task: Task<Void, any Error>

    /// Starts a hub, lets the body use it, and stops it. `root` lets a second hub go on with the first one's state.
    static func run<Result>(
        root: String? = nil, partsMax: Int = 256, logger: Logger = .silent, configure: (inout ServeOptions) -> Void = { _ in },
        _ body: (TestHub) async throws -> Result
    ) async throws -> Result {
        let folder = try root ?? makeScratchFolder()
        await HubGate.shared.enter()
        let outcome: Swift.Result<Result, any Error>
        do {
            let hub = try await start(root: folder, logger: logger) {
                $0.partsMax = partsMax
                // The tests' tokens are short.
                $0.logins.scryptCost = 1024
                configure(&$0)
            }
            do { outcome = .success(try await body(hub)) } catch { outcome = .failure(error) }
            await hub.stop()
        } catch {
            outcome = .failure(error)
        }
        await HubGate.shared.leave()
        if root == nil { removeFolder(folder) }
        return try outcome.get()
    }

    private static func start(
        root: String, logger: Logger, configure: (inout ServeOptions) -> Void
    ) async throws -> TestHub {
        var options = ServeOptions(root: root, host: "127.0.0.1", port: 0, rootPassword: rootPassword)
        options.stopsOnSignals = false
        configure(&options)
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let task = Task { [options] in
            defer { port.finish() }
            try await HubServer(options: options, logger: logger).run { port.yield($0) }
        }
        for await port in ports { return TestHub(root: options.root, port: port, task: task) }
        try await task.value
        throw TestFailure("the hub ended before it was ready")
    }

    private init(root: String, port: Int, task: Task<Void, any Error>) {
        self.root = root
        self.task = task
        client = HubClient(port: UInt16(port))
    }

    private func stop() async {
        task.cancel()
        _ = await task.result
    }

    /// A request as root that must answer with this status.
    @discardableResult
    func asRoot(_ method: String, _ path: String, _ body: JSONValue? = nil, status: Int = 201) async throws -> Answer {
        let answer = try await client.send(method, path, auth: "root/root:\(Self.rootPassword)", json: body)
        guard answer.status == status else { throw TestFailure("\(method) \(path): \(answer.status) \(answer.text)") }
        return answer
    }

    func addOrg(_ org: String) async throws {
        try await asRoot("POST", "/v1/orgs/\(org)", ["label": .string(org), "description": ""])
    }

    /// A user whose password is `pw-` and its id.
    func addUser(_ org: String, _ id: String, admin: Bool = false, hubAdmin: Bool = false) async throws {
        try await asRoot(
            "POST", "/v1/orgs/\(org)/users/\(id)",
            ["password": .string("pw-\(id)"), "admin": .bool(admin), "hubAdmin": .bool(hubAdmin), "email": ""])
    }

    /// A node whose token is `tok-` and its id, made by this caller.
    func addNode(_ org: String, _ id: String, by auth: String? = nil) async throws {
        let answer = try await client.send(
            "PUT", "/v1/orgs/\(org)/nodes/\(id)", auth: auth ?? "root/root:\(Self.rootPassword)",
            json: ["token": .string("tok-\(id)"), "name": .string(id), "pattern": "", "publicKey": ""])
        guard answer.status == 201 else { throw TestFailure("node \(id): \(answer.status) \(answer.text)") }
    }

    func addPolicy(_ org: String, _ name: String) async throws {
        try await asRoot("POST", "/v1/orgs/\(org)/managementpolicies/\(name)", ["label": "l", "enabled": true])
    }
}

extension Logger {
    /// Says nothing.
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

/// What a test could not do.
struct TestFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Waits for a condition, 20 s at most.
func waitUntil(_ condition: () async throws -> Bool) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(20)
    while try await !condition() {
        if clock.now > deadline { throw TestFailure("not within 20 s") }
        try await clock.sleep(for: .milliseconds(10))
    }
}
