import FaultServers
import Testing
import UpgradePorts
import UpgradeTransfer

@Suite struct CurlTransferTests {
    let transfer = CurlTransfer()
    let content = pattern(300_000)

    @Test func bringsTheWholeBody() throws {
        let server = try contentServer(content)
        let result = transfer.download(request(server.url + "/file?token=x"))
        #expect(result.failure == nil)
        #expect(result.response == TransferResponse(status: 200, etag: "\"v1\"", offset: 0, totalLength: 300_000))
        #expect(result.bytes == content)
        let asked = try #require(server.requests.first)
        #expect(asked.target == "/file?token=x")
        #expect(asked.head.header("Range") == nil)
        #expect(asked.head.header("Accept-Encoding") == nil)
        #expect(asked.head.header("Authorization") == nil)
    }

    @Test func resumesWithRangeAndIfRange() throws {
        let server = try contentServer(content)
        var request = request(server.url + "/file", bytesMax: 200_000)
        request.offset = 100_000
        request.ifRange = "\"v1\""
        let result = transfer.download(request)
        #expect(result.response == TransferResponse(status: 206, etag: "\"v1\"", offset: 100_000, totalLength: 300_000))
        #expect(result.bytes == Array(content[100_000...]))
        let asked = try #require(server.requests.first)
        #expect(asked.head.header("Range") == "bytes=100000-")
        #expect(asked.head.header("If-Range") == "\"v1\"")
    }

    @Test func changedFileComesFromItsStart() throws {
        let server = try contentServer(content, etag: "\"v2\"")
        var request = request(server.url)
        request.offset = 100_000
        request.ifRange = "\"v1\""
        let result = transfer.download(request)
        #expect(result.response == TransferResponse(status: 200, etag: "\"v2\"", offset: 0, totalLength: 300_000))
        #expect(result.bytes == content)
    }

    @Test(arguments: ["bytes 0-9/20", "bytes 11-19/20", "bytes x", nil])
    func aRangeThatWasNotAskedForIsRefused(_ range: String?) throws {
        let server = try StubServer { _ in
            StubResponse(206, headers: range.map { [(name: "Content-Range", value: $0)] } ?? [], body: pattern(10))
        }
        var request = request(server.url)
        request.offset = 10
        let result = transfer.download(request)
        #expect(result.failure?.kind == .other)
        #expect(result.failure?.explanation.contains("206") == true)
        #expect(result.response == nil)
        #expect(result.bytes.isEmpty)
    }

    @Test func aShortBodyIsCutAndKeepsWhatCame() throws {
        let server = try StubServer { _ in
            var response = StubResponse(200, body: pattern(5000))
            response.announcedLength = 9000
            return response
        }
        let result = transfer.download(request(server.url))
        #expect(result.failure?.kind == .cut)
        #expect(result.failure?.explanation.contains("5000 bytes of the body, 9000 were announced") == true)
        #expect(result.bytes == pattern(5000))
    }

    @Test func noAnswerIsCut() throws {
        let server = try StubServer { _ in
            var response = StubResponse()
            response.raw = []
            return response
        }
        #expect(transfer.download(request(server.url)).failure?.kind == .cut)
    }

    @Test func nobodyThereIsConnect() throws {
        let proxy = try FaultProxy(upstreamPort: 1)
        proxy.down()
        #expect(transfer.download(request(proxy.url)).failure?.kind == .connect)
    }

    @Test func unknownNameIsResolve() {
        var request = request("https://nowhere.invalid/")
        request.timeout = .seconds(20)
        let kind = transfer.download(request).failure?.kind
        #expect(kind == .resolve || kind == .timeout)
    }

    @Test func badURLComesAsAFailureOfRead() {
        #expect(transfer.download(request("http://hub.example/")).failure?.kind == .badURL)
        #expect(transfer.download(request("file:///etc/passwd")).failure?.kind == .badURL)
    }

    @Test func announcedLengthAboveTheLimit() throws {
        let server = try contentServer(content)
        let result = transfer.download(request(server.url, bytesMax: 299_999))
        #expect(result.failure?.kind == .tooLong)
        #expect(result.failure?.explanation == "300000 bytes announced, at most 299999 expected")
        #expect(result.bytes.isEmpty)
    }

    @Test func unannouncedLengthAboveTheLimit() throws {
        let server = try StubServer { _ in
            var response = StubResponse()
            response.raw =
                Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
                + Array("2710\r\n".utf8) + pattern(10_000) + Array("\r\n0\r\n\r\n".utf8)
            return response
        }
        #expect(transfer.download(request(server.url, bytesMax: 9_999)).failure?.kind == .tooLong)
        #expect(transfer.download(request(server.url, bytesMax: 0)).failure?.kind == .tooLong)
        #expect(transfer.download(request(server.url, bytesMax: 10_000)).bytes == pattern(10_000))
    }

    @Test func compressedBytesStayAsTheyAre() throws {
        let server = try StubServer { _ in StubResponse(200, headers: [("Content-Encoding", "gzip")], body: pattern(100)) }
        #expect(transfer.download(request(server.url)).bytes == pattern(100))
    }

    @Test(arguments: [204, 301, 400, 401, 403, 404, 410, 416, 429, 500, 503])
    func otherStatusesAreThrown(_ status: Int) throws {
        let server = try StubServer { _ in StubResponse(status, body: Array("no\r\nway".utf8)) }
        let result = transfer.download(request(server.url + "/x?secret"))
        #expect(result.failure?.kind == .status(status))
        #expect(result.failure?.subject == server.url + "/x")
        let text = status == 204 ? "answered 204, expected 200 or 206" : "answered \(status), expected 200 or 206: no way"
        #expect(result.failure?.explanation == text)
        #expect(result.failure?.retryAfter == nil)
        #expect(result.response == nil)
    }

    @Test func retryAfterInSecondsAndAsADate() throws {
        let server = try StubServer { request in
            request.target == "/date"
                ? StubResponse(503, headers: [("Date", "Wed, 21 Oct 2015 07:28:00 GMT"), ("Retry-After", "Wed, 21 Oct 2015 07:29:00 GMT")])
                : StubResponse(429, headers: [("Retry-After", "7")])
        }
        #expect(transfer.download(request(server.url)).failure?.retryAfter == .seconds(7))
        #expect(transfer.download(request(server.url + "/date")).failure?.retryAfter == .seconds(60))
    }

    @Test func anEndlessRefusalIsNotRead() throws {
        let server = try StubServer { _ in StubResponse(500, body: [UInt8](repeating: 0x61, count: 30_000_000)) }
        let result = transfer.download(request(server.url, bytesMax: 10))
        #expect(result.failure?.kind == .status(500))
        #expect(result.failure?.explanation.count ?? 0 <= 340)
    }

    @Test func dotSegmentsAreNotFolded() throws {
        let server = try contentServer([1])
        _ = transfer.download(request(server.url + "/a/../b/%2E%2E/./c"))
        #expect(server.requests.first?.target == "/a/../b/%2E%2E/./c")
    }
}
