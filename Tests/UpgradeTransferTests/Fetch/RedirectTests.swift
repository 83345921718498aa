import FaultServers
import Testing
import UpgradePorts
import UpgradeTransfer

@Suite struct RedirectTests {
    let transfer = CurlTransfer()
    let credentials = Credentials(id: "org/node", secret: "s:e cret")
    /// base64 of `org/node:s:e cret`.
    let authorization = "Basic b3JnL25vZGU6czplIGNyZXQ="

    func server(_ location: @escaping @Sendable (String) -> String?) throws -> StubServer {
        try StubServer { request in
            location(request.target).map { StubResponse(302, headers: [("Location", $0)], body: [1]) } ?? StubResponse(200, body: [2])
        }
    }

    @Test func credentialsFollowWithinTheOrigin() throws {
        let server = try server { $0 == "/a" ? "/b" : nil }
        var request = request(server.url + "/a")
        request.credentials = credentials
        request.offset = 0
        let result = transfer.download(request)
        #expect(result.failure == nil)
        #expect(result.bytes == [2])
        #expect(server.requests.map(\.target) == ["/a", "/b"])
        #expect(server.requests.map { $0.head.header("Authorization") } == [authorization, authorization])
    }

    @Test func credentialsAreNotSentToAnotherPort() throws {
        let other = try server { _ in nil }
        let target = other.url + "/b"
        let server = try server { _ in target }
        var request = request(server.url + "/a")
        request.credentials = credentials
        #expect(transfer.download(request).bytes == [2])
        #expect(server.requests.map { $0.head.header("Authorization") } == [authorization])
        #expect(other.requests.count == 1)
        #expect(other.requests.first?.head.header("Authorization") == nil)
    }

    @Test func credentialsAreNotSentToAnotherNameOfTheSamePlace() throws {
        // `?port` because the server learns its own port only from the request.
        let server = try server { target in
            target.split(separator: "?").count == 2 ? "http://localhost:\(target.split(separator: "?")[1])/b" : nil
        }
        var request = request("\(server.url)/a?\(server.port)")
        request.credentials = credentials
        #expect(transfer.download(request).bytes == [2])
        #expect(server.requests.map { $0.head.header("Authorization") } == [authorization, nil])
    }

    @Test func rangeIsKept() throws {
        let content = try contentServer(pattern(100))
        let target = content.url + "/x"
        let server = try server { _ in target }
        var request = request(server.url)
        request.offset = 40
        request.ifRange = "\"v1\""
        #expect(transfer.download(request).bytes == Array(pattern(100)[40...]))
    }

    @Test(arguments: ["ftp://127.0.0.1/x", "file:///etc/passwd", "http://hub.example/x", "http://user:pw@127.0.0.1/"])
    func refusedTargets(_ location: String) throws {
        let server = try server { _ in location }
        let failure = transfer.download(request(server.url)).failure
        #expect(failure?.kind == .redirect)
        #expect(failure?.description.contains("pw") == false)
    }

    @Test func circlesEnd() throws {
        let server = try server { $0 }
        let failure = transfer.download(request(server.url + "/a")).failure
        #expect(failure?.kind == .redirect)
        #expect(server.requests.count == 6)
    }

    @Test func theLimitOfBytesIsForTheLastAnswer() throws {
        let server = try StubServer { request in
            request.target == "/a"
                ? StubResponse(301, headers: [("Location", "/b")], body: pattern(10_000)) : StubResponse(200, body: [2])
        }
        #expect(transfer.download(request(server.url + "/a", bytesMax: 5)).bytes == [2])
    }
}
