import FaultServers
import Testing
import UpgradePorts
import UpgradeTransfer

/// The proxy itself, because a fault that does not happen would make other tests pass for nothing.
@Suite struct FaultProxyTests {
    let transfer = CurlTransfer()
    let content = pattern(50_000)

    @Test func withoutRulesItIsTransparent() throws {
        let server = try contentServer(content)
        let proxy = try FaultProxy(upstreamPort: server.port)
        var request = request(proxy.url + "/x")
        #expect(transfer.download(request).bytes == content)
        request.offset = 10_000
        request.ifRange = "\"v1\""
        #expect(transfer.download(request).bytes == Array(content[10_000...]))
        #expect(proxy.requests.map(\.target) == ["/x", "/x"])
        #expect(proxy.requests.map { $0.head.header("Range") } == [nil, "bytes=10000-"])
        #expect(proxy.requests.map(\.bytesForwarded) == [50_000, 40_000])
        #expect(proxy.bytesForwarded == 90_000)
    }

    @Test func requestBodiesPass() throws {
        let server = try StubServer { StubResponse(200, body: $0.body) }
        let proxy = try FaultProxy(upstreamPort: server.port)
        var request = HTTPRequest("PUT", proxy.url)
        request.body = .bytes(content)
        #expect(try CurlHTTPCaller().call(request).body == content)
    }

    @Test func cutThenResume() throws {
        let server = try contentServer(content)
        let proxy = try FaultProxy(upstreamPort: server.port)
        proxy.add(FaultRule(.cut(afterBytes: 12_345), times: 1))
        var request = request(proxy.url)
        let first = transfer.download(request)
        #expect(first.failure?.kind == .cut)
        #expect(first.bytes == Array(content[..<12_345]))
        request.offset = Int64(first.bytes.count)
        request.ifRange = first.response?.etag
        #expect(first.bytes + transfer.download(request).bytes == content)
        #expect(proxy.bytesForwarded == 50_000)
    }

    @Test func truncateIsAShorterWhole() throws {
        let server = try contentServer(content)
        let proxy = try FaultProxy(upstreamPort: server.port)
        proxy.add(FaultRule(.truncate(toBytes: 100)))
        let result = transfer.download(request(proxy.url))
        #expect(result.finished)
        #expect(result.response?.totalLength == 100)
        #expect(result.bytes == Array(content[..<100]))
    }

    @Test func statusForSomePathsAndSomeTimes() throws {
        let server = try contentServer(content)
        let proxy = try FaultProxy(upstreamPort: server.port)
        proxy.add(FaultRule(.status(503, retryAfter: "3"), pathContains: "/b", times: 2))
        let kinds = ["/a", "/b", "/b", "/b"].map { transfer.download(request(proxy.url + $0)).failure }
        #expect(kinds.map(\.?.kind) == [nil, .status(503), .status(503), nil])
        #expect(kinds[1]?.retryAfter == .seconds(3))
        #expect(server.requests.count == 2)
    }

    @Test func ignoreRange() throws {
        let server = try contentServer(content)
        let proxy = try FaultProxy(upstreamPort: server.port)
        proxy.add(FaultRule(.ignoreRange))
        var request = request(proxy.url)
        request.offset = 100
        request.ifRange = "\"v1\""
        let result = transfer.download(request)
        #expect(result.response?.status == 200)
        #expect(result.bytes == content)
    }

    @Test func flipBit() throws {
        let server = try contentServer(content)
        let proxy = try FaultProxy(upstreamPort: server.port)
        proxy.add(FaultRule(.flipBit(atByte: 30_001)))
        var expected = content
        expected[30_001] ^= 1
        #expect(transfer.download(request(proxy.url)).bytes == expected)
        proxy.clearRules()
        #expect(transfer.download(request(proxy.url)).bytes == content)
    }

    @Test func downRefusesAndUpAnswersOnTheSamePort() throws {
        let server = try contentServer(content)
        let proxy = try FaultProxy(upstreamPort: server.port)
        let port = proxy.port
        for _ in 1...3 {
            proxy.down()
            #expect(transfer.download(request(proxy.url)).failure?.kind == .connect)
            proxy.up()
            #expect(transfer.download(request(proxy.url)).bytes == content)
        }
        #expect(proxy.port == port)
    }

    @Test func downEndsOpenConnections() throws {
        let server = try contentServer(content)
        let proxy = try FaultProxy(upstreamPort: server.port)
        proxy.add(FaultRule(.stall(afterBytes: 10)))
        let transfer = transfer
        let id = transfer.begin(request(proxy.url))
        #expect(eventually { proxy.bytesForwarded == 10 })
        proxy.down()
        var failure: TransferFailure?
        do throws(TransferFailure) {
            while true {
                transfer.wait(id, atMost: .seconds(10))
                _ = try transfer.read(id, max: 100)
            }
        } catch { failure = error }
        #expect(failure?.kind == .cut)
    }

    @Test func throttle() throws {
        let server = try contentServer(content)
        let proxy = try FaultProxy(upstreamPort: server.port)
        proxy.add(FaultRule(.throttle(bytesPerSecond: 200_000)))
        var bytes: [UInt8] = []
        let time = ContinuousClock().measure { bytes = transfer.download(request(proxy.url)).bytes }
        #expect(bytes == content)
        #expect(time >= .milliseconds(200))
    }
}
