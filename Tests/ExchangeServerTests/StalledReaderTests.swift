import ExchangeServer
import FoundationEssentials
import Testing
import UpgradeWire

/// Clients that ask for much and take little cost little memory, and who takes something is kept.
@Suite struct StalledReaderTests {
    private static let auth = "root/root:\(TestHub.rootPassword)"
    private static let path = "/api/v1/objects/root/t/big"
    private static let bytes = 16 << 20

    @Test func eachHoldsOnlyALittleOfItsAnswer() async throws {
        try await ServerStopTests.serve(grace: 0) { port, process in
            let client = HubClient(port: port)
            try await Self.upload(client)
            _ = try await client.send("GET", Self.path + "/data", auth: Self.auth)
            let before = try Self.residentKilobytes(process.id)
            let after = try await SlowClientLine.run(port: port, receiveBuffer: 4096) { first in
                let lines = try [first] + (1..<200).map { _ in try SlowClientLine(port: port, receiveBuffer: 4096) }
                for line in lines { line.send(Self.request) }
                for line in lines { #expect(try line.poll(milliseconds: 20_000, bytesMax: 12) == Array("HTTP/1.1 200".utf8)) }
                // Others are served meanwhile, and the hub has its time to read on if it does.
                return try (0..<20).map { _ in
                    let other = try SlowClientLine(port: port)
                    other.send("GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                    #expect(try other.receive().hasSuffix("ok\n"))
                    return try withExtendedLifetime(lines) { try Self.residentKilobytes(process.id) }
                }.max() ?? 0
            }
            #expect(after - before < 60 << 10, "\((after - before) / 200) KiB each")
        }
    }

    @Test func aStopDoesNotWaitForOne() async throws {
        try await ServerStopTests.serve(grace: 0) { port, process in
            try await Self.upload(HubClient(port: port))
            let line = try await SlowClientLine.run(port: port, receiveBuffer: 4096) { line throws in
                line.send(Self.request)
                #expect(try line.poll(milliseconds: 20_000, bytesMax: 12) == Array("HTTP/1.1 200".utf8))
                return Held(line)
            }
            let start = ContinuousClock().now
            process.signalStop()
            _ = try await process.end()
            #expect(ContinuousClock().now - start < .seconds(30), "the client would have 60 s")
            withExtendedLifetime(line) {}
        }
    }

    /// The kernel must not keep so much for a client that its progress shows too late.
    @Test func aReaderThatTakesLittleAllTheTimeIsKept() async throws {
        try await TestHub.run(configure: { $0.limits.answer = .seconds(2) }) { hub in
            try await Self.upload(hub.client)
            let count = try await SlowClientLine.run(port: hub.client.port) { line in
                line.send(Self.request)
                // Nothing comes on the other connection; it measures the time.
                let (start, silent) = (ContinuousClock().now, try SlowClientLine(port: hub.client.port))
                var count = 0
                while ContinuousClock().now < start + .seconds(6), let chunk = try line.poll(milliseconds: 20_000, bytesMax: 1 << 14) {
                    count += chunk.count
                    _ = try silent.poll(milliseconds: 80)
                }
                return try line.count() + count
            }
            #expect(count > Self.bytes)
        }
    }

    /// A connection that nobody uses any more, but that stays open.
    private struct Held: @unchecked Sendable {
        private let line: SlowClientLine

        init(_ line: SlowClientLine) { self.line = line }
    }

    private static func upload(_ client: HubClient) async throws {
        _ = try await client.send("PUT", path, auth: auth, json: ["meta": ["public": true]])
        let answer = try await client.send("PUT", path + "/data", auth: auth, body: [UInt8](repeating: 7, count: bytes))
        #expect(answer.status == 204)
    }

    private static var request: String {
        "GET \(path)/data HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Basic \(Data(auth.utf8).base64EncodedString())\r\n\r\n"
    }

    private static func residentKilobytes(_ process: Int32) throws -> Int {
        let status = String(decoding: try readFile("/proc/\(process)/status"), as: UTF8.self)
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
            let count = Int(line.split(separator: " ").dropLast().last?.split(separator: "\t").last ?? "")
        else { throw TestFailure("no VmRSS in \(status)") }
        return count
    }
}
