import ExchangeServer
import FoundationEssentials
import Glibc
import Testing
import UpgradeWire

/// The executable: its words, its exit codes, and its end.
@Suite struct ServerStopTests {
    @Test func itTellsItsVersion() async throws {
        let (output, status) = try await ServerPrograms.run(ServerPrograms.hub, ["--version"])
        #expect(output.hasPrefix("uplift-exchange "))
        #expect(status == 0)
    }

    @Test(arguments: [
        ["nothing"], ["serve"], ["serve", "--root", "/tmp/x", "--listen", "8080"], ["backup", "--root", "/tmp/x"],
        ["serve", "--root", "/tmp/x", "--listen", "127.0.0.1:0", "--tls-key", "/tmp/k"],
        ["serve", "--root", "/tmp/x", "--listen", "127.0.0.1:0", "--grace", "-1"],
    ])
    func wrongUsageIs64(arguments: [String]) async throws {
        #expect(try await ServerPrograms.run(ServerPrograms.hub, arguments).status == 64)
    }

    /// Whichever of two addresses is taken: it is named, and nobody was told before that the hub is there.
    @Test(arguments: [false, true])
    func aTakenAddressIsToldAndNothingElse(isOwn: Bool) async throws {
        let root = try makeScratchFolder()
        defer { removeFolder(root) }
        try await TestHub.run { hub in
            let (taken, free) = ("127.0.0.1:\(hub.client.port)", "127.0.0.1:0")
            let (output, status) = try await ServerPrograms.run(
                ServerPrograms.hub,
                [
                    "serve", "--root", root + "/hub", "--listen", isOwn ? taken : free, "--metrics-listen", isOwn ? free : taken,
                    "--port-file", root + "/port",
                ], environment: ["EXCHANGE_ROOT_PW": TestHub.rootPassword])
            #expect(output.contains("Error: cannot listen on \(taken): Address already in use\n"), "\(output)")
            #expect(!output.contains("listens on"), "\(output)")
            #expect(status == 1)
        }
        #expect(folderEntries(root) == ["hub"])
    }

    @Test func aStoppedHubsDatabaseIsWholeByItself() async throws {
        let root = try makeScratchFolder()
        defer { removeFolder(root) }
        try await Self.serve(grace: 20, root: root) { port, process in
            let auth = "root/root:\(TestHub.rootPassword)"
            let made = try await HubClient(port: port).send(
                "POST", "/v1/orgs/o", auth: auth, json: ["label": "o", "description": ""])
            #expect(made.status == 201)
            process.signalStop()
            #expect(try await process.end() == 0)
        }
        for name in folderEntries(root + "/hub") where name.hasPrefix("exchange.db-") { unlink("\(root)/hub/\(name)") }
        try await TestHub.run(root: root + "/hub") { hub in _ = try await hub.asRoot("GET", "/v1/orgs/o", status: 200) }
    }

    @Test func aRequestUnderWayIsFinished() async throws {
        try await Self.serve(grace: 20) { port, process in
            let document = #"{"label":"o","description":""}"#
            let answer = try await SlowClientLine.run(port: port) { line in
                try Self.begin(line, length: document.utf8.count)
                process.signalStop()
                try Self.waitUntilClosed(port)
                line.send(document)
                return try line.receive()
            }
            #expect(answer.hasPrefix("HTTP/1.1 201"))
            // The connection ends with its answer, not with the grace time.
            #expect(try await process.end() == 0)
        }
    }

    @Test func aLargeAnswerUnderWayIsFinished() async throws {
        try await Self.serve(grace: 20) { port, process in
            let bytes = 16 << 20
            let client = HubClient(port: port)
            let auth = "root/root:\(TestHub.rootPassword)"
            let path = "/api/v1/objects/root/t/big"
            _ = try await client.send("PUT", path, auth: auth, json: ["meta": ["objectID": "big", "objectType": "t"]])
            _ = try await client.send("PUT", path + "/data", auth: auth, body: [UInt8](repeating: 7, count: bytes))
            let count = try await SlowClientLine.run(port: port, receiveBuffer: 1 << 16) { line in
                line.send("GET \(path)/data HTTP/1.1\r\nHost: h\r\nAuthorization: Basic \(Data(auth.utf8).base64EncodedString())\r\n\r\n")
                let first = try line.receive(until: "\r\n\r\n").utf8.count
                process.signalStop()
                try Self.waitUntilClosed(port)
                return try line.count() + first
            }
            #expect(count > bytes)
            #expect(try await process.end() == 0)
        }
    }

    @Test func afterTheGraceTimeTheRestIsCutOff() async throws {
        try await Self.serve(grace: 0) { port, process in
            let answer = try await SlowClientLine.run(port: port) { line in
                try Self.begin(line, length: 10)
                process.signalStop()
                return try line.receive()
            }
            #expect(!answer.contains("201"))
            _ = try await process.end()
        }
    }

    /// Sends all but the body, which the hub then waits for.
    private static func begin(_ line: SlowClientLine, length: Int) throws {
        let auth = Data("root/root:\(TestHub.rootPassword)".utf8).base64EncodedString()
        line.send("POST /v1/orgs/o HTTP/1.1\r\nHost: h\r\nAuthorization: Basic \(auth)\r\n")
        line.send("Expect: 100-continue\r\nContent-Length: \(length)\r\n\r\n")
        _ = try line.receive(until: "100 Continue\r\n\r\n")
    }

    /// Waits until nobody listens any more.
    private static func waitUntilClosed(_ port: UInt16) throws {
        let deadline = ContinuousClock().now + .seconds(20)
        while (try? SlowClientLine(port: port)) != nil {
            if ContinuousClock().now > deadline { throw TestFailure("port \(port) is still open after 20 s") }
        }
    }

    static func serve(grace: Int, _ body: (UInt16, ServerProcess) async throws -> Void) async throws {
        let root = try makeScratchFolder()
        defer { removeFolder(root) }
        try await serve(grace: grace, root: root, body)
    }

    private static func serve(grace: Int, root: String, _ body: (UInt16, ServerProcess) async throws -> Void) async throws {
        let process = try ServerProcess(
            ServerPrograms.hub,
            ["serve", "--root", root + "/hub", "--listen", "127.0.0.1:0", "--port-file", root + "/port", "--grace", "\(grace)"],
            environment: ["EXCHANGE_ROOT_PW": TestHub.rootPassword])
        let deadline = ContinuousClock().now + .seconds(120)
        while ContinuousClock().now < deadline {
            let text = (try? readFile(root + "/port")).map { String(decoding: $0, as: UTF8.self) } ?? ""
            guard let port = UInt16(text.dropLast()) else {
                await Task.yield()
                continue
            }
            return try await body(port, process)
        }
        throw TestFailure("the hub did not start within 120 s")
    }
}
