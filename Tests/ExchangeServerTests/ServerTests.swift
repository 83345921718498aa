import ExchangeServer
import Logging
import NIOConcurrencyHelpers
import Testing
import UpgradeWire

/// What holds for every route: errors, limits, names, secrets.
@Suite struct ServerTests {
    @Test func versionAndHealthNeedNoCredentials() async throws {
        try await TestHub.run { hub in
            #expect(try await hub.client.send("GET", "/v1/admin/version").text == "2.154.0\n")
            #expect(try await hub.client.send("GET", "/health").status == 200)
            #expect(try await hub.client.send("GET", "/v1/admin/status").status == 401)
            let status = try await hub.asRoot("GET", "/v1/admin/status", status: 200).json
            #expect(status?[member: "numberOfOrganizations"] == 2)
            #expect(status?[member: "dbSchemaVersion"]?.integer ?? 0 > 0)
        }
    }

    @Test func unknownPathsAndMethods() async throws {
        try await TestHub.run { hub in
            let unknown = try await hub.client.send("GET", "/v1/nothing/here")
            #expect(unknown.status == 404)
            #expect(unknown.message == "unrecognized route")
            let method = try await hub.client.send("DELETE", "/v1/admin/version")
            #expect(method.status == 405)
            #expect(method.json == nil)
            #expect(try await hub.client.send("GET", "/v1/orgs/%zz").status == 400)
        }
    }

    @Test(arguments: ["", "nobody", "root/root:wrong", "o/none:x", "root/root:"])
    func badCredentialsAre401(auth: String) async throws {
        try await TestHub.run { hub in
            let answer = try await hub.client.send("GET", "/v1/orgs/root", auth: auth)
            #expect(answer.status == 401)
            #expect(answer.json == ["code": "invalid-credentials", "msg": "invalid.credentials"])
        }
    }

    @Test func bodiesAreDecodedStrictlyAndBounded() async throws {
        try await TestHub.run { hub in
            let auth = "root/root:\(TestHub.rootPassword)"
            let refused: [(JSONValue, String)] = [
                (["label": "x", "description": "", "unknown": 1], "unknown"), (["label": 5], "label"),
                (["limits": ["other": 1]], "limits.other"),
                ([], "request body"),
            ]
            for (body, word) in refused {
                let answer = try await hub.client.send("POST", "/v1/orgs/x", auth: auth, json: body)
                #expect(answer.status == 400)
                #expect(answer.code == "invalid-input")
                #expect(answer.message?.contains(word) == true, "\(answer.text)")
            }
            #expect(try await hub.client.send("POST", "/v1/orgs/x", auth: auth, body: Array("{".utf8)).status == 400)
            let long = try await hub.client.send("POST", "/v1/orgs/x", auth: auth, body: [UInt8](repeating: 32, count: 1 << 20 + 1))
            #expect(long.status == 413)
            #expect(try await hub.client.send("POST", "/v1/orgs/x", auth: auth, json: ["label": "x", "tags": nil]).status == 201)
        }
    }

    @Test func anEncodedSlashStaysInsideItsSegment() async throws {
        try await TestHub.run { hub in
            let answer = try await hub.asRoot("GET", "/v1/orgs/a%2Fnodes", status: 400)
            #expect(answer.message?.contains("a/nodes") == true, "one name, which none can be, and not two segments")
            try await hub.addOrg("a%20b")
            let orgs = try await hub.asRoot("GET", "/v1/orgs", status: 200).json?[member: "orgs"]?.object
            #expect(orgs?.keys.sorted() == ["IBM", "a b", "root"])
        }
    }

    @Test func usersAreMadeChangedAndDeleted() async throws {
        try await TestHub.run { hub in
            try await hub.addOrg("o")
            try await hub.addUser("o", "boss", admin: true)
            let path = "/v1/orgs/o/users/u"
            let boss = "o/boss:pw-boss"
            let made = try await hub.client.send("POST", path, auth: boss, json: ["password": "one", "admin": false, "email": "e"])
            #expect(made.status == 201)
            #expect(try await hub.client.send("POST", path, auth: boss, json: ["password": "x", "email": "e"]).status == 403)
            #expect(try await hub.client.send("PUT", path, auth: "o/u:one", json: ["admin": true]).status == 403)
            #expect(try await hub.client.send("PUT", path, auth: "o/u:one", json: ["password": "two"]).status == 201)
            #expect(try await hub.client.send("GET", path, auth: "o/u:one").status == 401)
            let shown = try await hub.client.send("GET", path, auth: "o/u:two").json?[member: "users"]?[member: "o/u"]
            #expect(shown?[member: "password"]?.string?.allSatisfy { $0 == "*" } == true)
            #expect(shown?[member: "email"] == "e")
            #expect(try await hub.client.send("PUT", path, auth: boss, json: ["hubAdmin": true]).status == 403)
            try await hub.addNode("o", "n1", by: "o/u:two")
            #expect(try await hub.client.send("DELETE", path, auth: boss).status == 204)
            try await hub.asRoot("GET", "/v1/orgs/o/nodes/n1", status: 404)
            #expect(try await hub.client.send("GET", path, auth: "o/u:two").status == 401)
        }
    }

    @Test func noSecretIsLogged() async throws {
        let lines = NIOLockedValueBox<[String]>([])
        var logger = Logger(label: "test") { _ in LineLog(lines: lines) }
        logger.logLevel = .trace
        try await TestHub.run(logger: logger) { hub in
            try await hub.addOrg("o")
            try await hub.addUser("o", "u")
            try await hub.addNode("o", "n1", by: "o/u:pw-u")
            _ = try await hub.client.send("GET", "/v1/orgs/o/nodes/n1", auth: "o/n1:wrong-token")
        }
        let text = lines.withLockedValue { $0.joined(separator: "\n") }
        #expect(text.contains("/v1/orgs/o/nodes/n1"), "the log must have seen the requests")
        for secret in ["tok-n1", "pw-u", "wrong-token", TestHub.rootPassword, "Basic "] { #expect(!text.contains(secret)) }
    }

    @Test func theHubDoesNotStartWithoutARootPassword() async throws {
        let root = try makeScratchFolder()
        defer { removeFolder(root) }
        let options = ServeOptions(root: root, host: "127.0.0.1", port: 0, rootPassword: "")
        await #expect(throws: ServeFailure.self) { try await HubServer(options: options, logger: .silent).run { _ in } }
        #expect(folderEntries(root).isEmpty)
    }

    @Test func theHubSaysWhyItCannotListen() async throws {
        try await TestHub.run { hub in
            let root = try makeScratchFolder()
            defer { removeFolder(root) }
            var options = ServeOptions(root: root, host: "127.0.0.1", port: Int(hub.client.port), rootPassword: "x")
            options.stopsOnSignals = false
            let failure = await #expect(throws: ServeFailure.self) {
                try await HubServer(options: options, logger: .silent).run { _ in }
            }
            #expect(failure?.description.contains("cannot listen on 127.0.0.1:\(hub.client.port)") == true)
        }
    }

    @Test func twoHubsDoNotShareAFolder() async throws {
        try await TestHub.run { hub in
            var options = ServeOptions(root: hub.root, host: "127.0.0.1", port: 0, rootPassword: "x")
            options.stopsOnSignals = false
            let failure = await #expect(throws: ServeFailure.self) {
                try await HubServer(options: options, logger: .silent).run { _ in }
            }
            #expect(failure?.description.contains("another hub uses the folder") == true)
        }
    }

    @Test func thePortFileIsThereWhenRequestsAreTaken() async throws {
        let root = try makeScratchFolder()
        defer { removeFolder(root) }
        var options = ServeOptions(root: root + "/hub", host: "127.0.0.1", port: 0, portFile: root + "/port", rootPassword: "x")
        options.stopsOnSignals = false
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let task = Task { [options] in
            defer { port.finish() }
            try await HubServer(options: options, logger: .silent).run { port.yield($0) }
        }
        for await number in ports {
            #expect(String(decoding: try readFile(root + "/port"), as: UTF8.self) == "\(number)\n")
            #expect(try await HubClient(port: UInt16(number)).send("GET", "/health").status == 200)
            task.cancel()
        }
        try await task.value
    }
}

/// Keeps every line of a log.
private struct LineLog: LogHandler {
    let lines: NIOLockedValueBox<[String]>
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.withLockedValue { $0.append("\(event.message) \(metadata) \(event.metadata ?? [:]) \(String(describing: event.error))") }
    }
}
