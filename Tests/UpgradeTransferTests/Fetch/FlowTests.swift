import FaultServers
import Testing
import UpgradePorts
import UpgradeTransfer

/// Speed, back-pressure, cancelling and threads.
@Suite(.serialized) struct FlowTests {
    let transfer = CurlTransfer()

    @Test func aSilentServerIsTooSlowWithinAFractionOfASecond() throws {
        let server = try StubServer { _ in
            var response = StubResponse(200, body: pattern(10))
            response.announcedLength = 100
            response.holdsOpen = true
            return response
        }
        let proxy = try FaultProxy(upstreamPort: server.port)
        proxy.add(FaultRule(.stall(afterBytes: 5)))
        var request = request(proxy.url)
        request.lowSpeedTime = .milliseconds(200)
        // libcurl alone would look only once a second. The best of several, because the machine may be busy.
        let times = (0..<5).map { _ in
            ContinuousClock().measure {
                let result = transfer.download(request)
                #expect(result.failure?.kind == .timeout)
                #expect(result.bytes == pattern(5))
            }
        }
        #expect(times.allSatisfy { $0 >= .milliseconds(200) })
        #expect(times.contains { $0 < .milliseconds(900) })
    }

    @Test func slowButAboveTheLimitGoesOn() throws {
        let server = try contentServer(pattern(4000))
        let proxy = try FaultProxy(upstreamPort: server.port)
        proxy.add(FaultRule(.throttle(bytesPerSecond: 8000)))
        var request = request(proxy.url)
        request.lowSpeedTime = .milliseconds(200)
        request.lowSpeedBytesPerSecond = 100
        #expect(transfer.download(request).bytes == pattern(4000))
        request.lowSpeedBytesPerSecond = 1_000_000
        #expect(transfer.download(request).failure?.kind == .timeout)
    }

    @Test func theWholeTimeIsLimited() throws {
        let server = try contentServer(pattern(100_000))
        let proxy = try FaultProxy(upstreamPort: server.port)
        proxy.add(FaultRule(.throttle(bytesPerSecond: 10_000)))
        var request = request(proxy.url)
        request.timeout = .milliseconds(300)
        #expect(transfer.download(request).failure?.kind == .timeout)
    }

    @Test func whatIsNotReadIsNotFetchedAndAPauseIsNotSlow() throws {
        let content = [UInt8](repeating: 7, count: 40 << 20)
        let server = try contentServer(content)
        let proxy = try FaultProxy(upstreamPort: server.port)
        var request = request(proxy.url)
        request.lowSpeedTime = .milliseconds(200)
        request.lowSpeedBytesPerSecond = 1000
        let id = transfer.begin(request)
        var last = -1
        // Three looks without a change: everything between server and reader is full.
        var same = 0
        #expect(
            eventually {
                let now = proxy.bytesForwarded
                same = now == last && now > 1 << 20 ? same + 1 : 0
                last = now
                return same > 300
            })
        #expect(proxy.bytesForwarded < 30 << 20)
        var bytes: [UInt8] = []
        reading: while true {
            transfer.wait(id, atMost: .seconds(5))
            switch try transfer.read(id, max: 1 << 20) {
            case .bytes(let more):
                #expect(more.count <= 1 << 20)
                bytes += more
            case .finished: break reading
            case .response, .pending: continue
            }
        }
        #expect(bytes == content)
    }

    @Test func cancelEndsABlockedTransferAndItsThread() throws {
        let server = try contentServer([UInt8](repeating: 7, count: 20 << 20))
        let proxy = try FaultProxy(upstreamPort: server.port)
        let id = transfer.begin(request(proxy.url))
        #expect(eventually { proxy.bytesForwarded > 1 << 20 })
        transfer.cancel(id)
        #expect { try transfer.read(id, max: 10) } throws: { ($0 as? TransferFailure)?.kind == .cancelled }
        #expect { try transfer.read(id, max: 10) } throws: { ($0 as? TransferFailure)?.kind == .cancelled }
        transfer.cancel(id)
        transfer.wait(id, atMost: .seconds(100))
        #expect(eventually { threadCount(of: [id]) == 0 })
    }

    @Test func cancelWakesAReaderThatWaits() throws {
        let server = try StubServer { _ in
            var response = StubResponse()
            response.raw = []
            response.holdsOpen = true
            return response
        }
        let id = transfer.begin(request(server.url))
        #expect(eventually { server.requests.count == 1 })
        guard case .pending = try transfer.read(id, max: 1) else { return #expect(Bool(false), "pending expected") }
        let time = ContinuousClock().measure {
            let canceller = Background { transfer.cancel(id) }
            transfer.wait(id, atMost: .seconds(30))
            canceller.join()
        }
        #expect(time < .seconds(5))
    }

    @Test func threadsEndWithTheirTransfers() throws {
        let server = try StubServer { _ in
            var response = StubResponse()
            response.raw = []
            response.holdsOpen = true
            return response
        }
        var owner: CurlTransfer? = CurlTransfer()
        let ids = (0..<10).compactMap { _ in owner?.begin(request(server.url)) }
        #expect(Set(ids).count == 10)
        #expect(eventually { server.requests.count == 10 })
        #expect(threadCount(of: ids) == 10)
        owner?.cancel(ids[0])
        #expect(eventually { threadCount(of: ids) == 9 })
        owner = nil
        #expect(eventually { threadCount(of: ids) == 0 })
    }

    @Test func aForgottenTransferEndsAtItsOwnTimeout() throws {
        let server = try contentServer([UInt8](repeating: 7, count: 20 << 20))
        var request = request(server.url)
        request.timeout = .milliseconds(400)
        let id = transfer.begin(request)
        #expect(eventually { server.requests.count == 1 })
        #expect(eventually { threadCount(of: [id]) == 0 })
        var failure: TransferFailure?
        do throws(TransferFailure) { while true { _ = try transfer.read(id, max: 1 << 20) } } catch { failure = error }
        #expect(failure?.kind == .timeout)
    }

    @Test func manyAtOnce() throws {
        let content = pattern(200_000)
        let server = try contentServer(content)
        let transfer = transfer
        let results = (0..<16).map { _ in transfer.begin(request(server.url)) }.map { id in
            var bytes: [UInt8] = []
            while true {
                transfer.wait(id, atMost: .seconds(5))
                guard let piece = try? transfer.read(id, max: 100_000) else { break }
                if case .bytes(let more) = piece { bytes += more }
                if case .finished = piece { break }
            }
            return bytes
        }
        #expect(results.allSatisfy { $0 == content })
    }
}
