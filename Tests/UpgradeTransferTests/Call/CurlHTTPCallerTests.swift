import FaultServers
import Glibc
import Testing
import UpgradePorts
import UpgradeTransfer

@Suite struct CurlHTTPCallerTests {
    let caller = CurlHTTPCaller()

    func echo() throws -> StubServer {
        try StubServer { request in StubResponse(200, headers: [("X-Method", request.method)], body: request.body) }
    }

    @Test(arguments: ["GET", "PUT", "POST", "PATCH", "DELETE"])
    func sendsAndReceives(_ method: String) throws {
        let server = try echo()
        var request = HTTPRequest(method, server.url + "/v1/orgs/o?x=%2F")
        request.headers = [("Content-Type", "application/json"), ("X-Empty", "")]
        request.body = .bytes(Array("{\"a\":1}".utf8))
        let response = try caller.call(request)
        #expect(response.status == 200)
        #expect(response.body == Array("{\"a\":1}".utf8))
        #expect(response.header("x-method") == method)
        let asked = try #require(server.requests.first)
        #expect(asked.target == "/v1/orgs/o?x=%2F")
        #expect(asked.head.header("Content-Type") == "application/json")
        #expect(asked.head.header("X-Empty") == "")
        #expect(asked.head.header("Expect") == nil)
    }

    @Test(arguments: [("GET", nil), ("DELETE", nil), ("PUT", "0"), ("POST", "0")] as [(String, String?)])
    func withoutABody(_ method: String, _ length: String?) throws {
        let server = try echo()
        let response = try caller.call(HTTPRequest(method, server.url))
        #expect(response.header("x-method") == method)
        #expect(server.requests.first?.head.header("Content-Length") == length)
        #expect(server.requests.first?.head.header("Content-Type") == nil)
    }

    @Test func headHasNoBody() throws {
        let server = try StubServer { _ in
            var response = StubResponse(200)
            response.announcedLength = 1 << 40
            return response
        }
        let response = try caller.call(HTTPRequest("HEAD", server.url))
        #expect(response.status == 200)
        #expect(response.header("content-length") == String(1 << 40))
    }

    @Test(arguments: [204, 301, 304, 400, 401, 404, 429, 500, 503])
    func aStatusIsNeverAnError(_ status: Int) throws {
        let server = try StubServer { _ in StubResponse(status, headers: [("Retry-After", "7")]) }
        let response = try caller.call(HTTPRequest("PUT", server.url))
        #expect(response.status == status)
        #expect(response.header("retry-after") == "7")
    }

    @Test func retryAfterInSecondsAndAsADate() throws {
        let server = try StubServer { request in
            switch request.target {
            case "/date":
                StubResponse(503, headers: [("Date", "Wed, 21 Oct 2015 07:28:00 GMT"), ("Retry-After", "Wed, 21 Oct 2015 07:29:00 GMT")])
            case "/seconds": StubResponse(429, headers: [("Retry-After", "7")])
            default: StubResponse(503)
            }
        }
        #expect(try caller.call(HTTPRequest("PUT", server.url + "/date")).retryAfter == .seconds(60))
        #expect(try caller.call(HTTPRequest("GET", server.url + "/seconds")).retryAfter == .seconds(7))
        #expect(try caller.call(HTTPRequest("GET", server.url)).retryAfter == nil)
    }

    @Test func basicAuth() throws {
        let server = try echo()
        var request = HTTPRequest("GET", server.url)
        request.credentials = Credentials(id: "org/node", secret: "s:e cret")
        _ = try caller.call(request)
        #expect(server.requests.first?.head.header("Authorization") == "Basic b3JnL25vZGU6czplIGNyZXQ=")
    }

    @Test func aFileIsStreamed() throws {
        let scratch = try Scratch()
        let content = pattern(3 << 20)
        try scratch.write("file", content)
        let server = try StubServer { request in StubResponse(204, headers: [("X-Length", String(request.body.count))], body: []) }
        var request = HTTPRequest("PUT", server.url)
        request.body = .file(scratch.path + "/file")
        #expect(try caller.call(request).header("x-length") == String(content.count))
        #expect(server.requests.first?.body == content)
    }

    @Test(arguments: ["missing", "."])
    func aFileThatCannotBeReadIsLocal(_ name: String) throws {
        let scratch = try Scratch()
        var request = HTTPRequest("PUT", "http://127.0.0.1:1/")
        request.body = .file(scratch.path + "/" + name)
        let failure = failure(of: request)
        #expect(failure?.kind == .local)
        #expect(failure?.explanation.contains(scratch.path) == true)
    }

    @Test func redirectsAreForGETOnly() throws {
        let server = try StubServer { request in
            request.target == "/a" ? StubResponse(307, headers: [("Location", "/b")]) : StubResponse(200, body: [1])
        }
        #expect(try caller.call(HTTPRequest("GET", server.url + "/a")).body == [1])
        for method in ["PUT", "POST", "DELETE", "HEAD", "PATCH"] {
            #expect(try caller.call(HTTPRequest(method, server.url + "/a")).status == 307)
        }
    }

    @Test func nothingSecretGoesToAnotherOrigin() throws {
        let other = try echo()
        let target = other.url
        let server = try StubServer { _ in StubResponse(302, headers: [("Location", target)]) }
        var request = HTTPRequest("GET", server.url)
        request.credentials = Credentials(id: "org/node", secret: "secret")
        request.headers = [("Authorization", "Bearer x"), ("X-Token", "y"), ("Cookie", "z"), ("Accept", "application/json")]
        #expect(try caller.call(request).status == 200)
        let asked = try #require(other.requests.first)
        for name in ["Authorization", "X-Token", "Cookie"] { #expect(asked.head.header(name) == nil) }
        #expect(asked.head.header("Accept") == "application/json")
    }

    @Test func longAnswersAreRefused() throws {
        let server = try StubServer { request in
            var response = StubResponse(200, body: pattern(1001))
            if request.target == "/chunked" {
                response.raw =
                    Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n".utf8) + pattern(1001)
                    + Array("\r\n0\r\n\r\n".utf8)
            }
            return response
        }
        for path in ["/", "/chunked"] {
            var request = HTTPRequest("GET", server.url + path)
            request.answerBytesMax = 1000
            #expect(failure(of: request)?.kind == .tooLong)
            request.answerBytesMax = 1001
            #expect(try caller.call(request).body == pattern(1001))
        }
    }

    @Test func theWholeCallIsLimited() throws {
        let server = try StubServer { _ in
            var response = StubResponse()
            response.raw = Array("HTTP/1.1 200 OK\r\n".utf8)
            response.holdsOpen = true
            return response
        }
        var request = HTTPRequest("GET", server.url)
        request.timeout = .milliseconds(150)
        #expect(failure(of: request)?.kind == .timeout)
    }

    @Test func cutAnswersAreCut() throws {
        let server = try StubServer { request in
            var response = StubResponse(200, body: pattern(10))
            response.announcedLength = 11
            if request.target == "/nothing" { response.raw = [] }
            return response
        }
        #expect(failure(of: HTTPRequest("GET", server.url))?.kind == .cut)
        #expect(failure(of: HTTPRequest("GET", server.url + "/nothing"))?.kind == .cut)
    }

    @Test func unixSockets() throws {
        let scratch = try Scratch()
        let server = try StubServer(socketPath: scratch.path + "/s") { request in
            request.target == "/away" ? StubResponse(302, headers: [("Location", "http://127.0.0.1:1/")]) : StubResponse(200, body: [7])
        }
        var request = HTTPRequest("GET", "http://agent.invalid/status")
        request.socketPath = scratch.path + "/s"
        #expect(try caller.call(request).body == [7])
        #expect(server.requests.first?.target == "/status")
        request.url = "http://agent.invalid/away"
        #expect(try caller.call(request).status == 302)
        request.socketPath = scratch.path + "/none"
        #expect(failure(of: request)?.kind == .connect)
    }

    @Test func longUnixSocketPaths() throws {
        let scratch = try Scratch()
        let short = scratch.path + "/s"
        let folder = scratch.path + "/" + String(repeating: "x", count: 150)
        let server = try StubServer(socketPath: short) { _ in StubResponse(200, body: [7]) }
        mkdir(folder, 0o755)
        try #require(rename(short, folder + "/s") == 0)
        var request = HTTPRequest("GET", "http://localhost/")
        request.socketPath = folder + "/s"
        #expect(try caller.call(request).body == [7])
        request.socketPath = folder + "/" + String(repeating: "y", count: 100)
        #expect(failure(of: request)?.kind == .local)
        request.socketPath = folder + "/none/s"
        #expect(failure(of: request)?.kind == .local)
        _ = server
    }

    @Test(arguments: [
        ("GET", "A", "b\r\nX: y"), ("GET", "A\r\nB", "c"), ("GET", "", "c"), ("G T", "A", "b"), ("get", "A", "b"),
        ("GET\r\nX: y", "A", "b"),
        ("GET", "A:", "b"), ("GET", "A", "b\u{0}"),
    ])
    func nothingCanBeSmuggledIntoTheHead(_ method: String, _ name: String, _ value: String) throws {
        let server = try echo()
        var request = HTTPRequest(method, server.url)
        request.headers = [(name, value)]
        #expect(failure(of: request)?.kind == .badURL)
        #expect(server.requests.isEmpty)
    }

    @Test func proxiesOfTheEnvironmentAreIgnored() async {
        // In a process of its own, because the environment belongs to all tests.
        await #expect(processExitsWith: .success) {
            for name in ["http_proxy", "all_proxy", "ALL_PROXY"] { setenv(name, "http://127.0.0.1:1", 1) }
            let server = try StubServer { _ in StubResponse(200) }
            _ = try CurlHTTPCaller().call(HTTPRequest("GET", server.url))
        }
    }

    func failure(of request: HTTPRequest) -> TransferFailure? {
        do throws(TransferFailure) {
            _ = try caller.call(request)
            return nil
        } catch { return error }
    }
}
