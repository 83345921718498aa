import ExchangeServer
import FoundationEssentials
import Testing
import UpgradeWire

/// Clients that are slow, silent or send what nobody wants: each is given up after its bound, and everybody else is served.
@Suite struct SlowClientTests {
    private static let root = "root/root:\(TestHub.rootPassword)"

    private static func head(_ method: String, _ path: String, auth: String? = root, _ lines: String...) -> String {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: hub\r\n"
        if let auth { head += "Authorization: Basic \(Data(auth.utf8).base64EncodedString())\r\n" }
        return head + lines.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    private static func quick(_ options: inout ServeOptions) {
        options.limits.head = .milliseconds(300)
        options.limits.idle = .milliseconds(300)
        options.limits.bodyWindow = .milliseconds(300)
        options.limits.answer = .milliseconds(300)
    }

    @Test func halfAHeadIsGivenUp() async throws {
        try await TestHub.run(configure: Self.quick) { hub in
            let received = try await SlowClientLine.run(port: hub.client.port) { line in
                line.send("GET /v1/adm")
                // A trickle is no progress.
                while try line.poll(milliseconds: 50) == nil, line.send("i") {}
                return try line.receive()
            }
            #expect(received.isEmpty)
            #expect(try await hub.client.send("GET", "/metrics").text.contains("given_up_total{reason=\"slow_head\"} 1\n"))
        }
    }

    @Test func anIdleConnectionIsClosed() async throws {
        try await TestHub.run(configure: Self.quick) { hub in
            let received = try await SlowClientLine.run(port: hub.client.port) { line in
                line.send(Self.head("GET", "/v1/admin/version", auth: nil))
                return try line.receive()
            }
            #expect(received.hasPrefix("HTTP/1.1 200"))
            #expect(try await hub.client.send("GET", "/metrics").text.contains("given_up_total{reason=\"idle\"} 1\n"))
        }
    }

    @Test func aBodyThatTricklesIs408() async throws {
        let log = ServerLog()
        try await TestHub.run(logger: log.logger, configure: Self.quick) { hub in
            let received = try await SlowClientLine.run(port: hub.client.port) { line in
                line.send(Self.head("POST", "/v1/orgs/slow", "Content-Length: 1000"))
                var received: [UInt8]?
                repeat { received = try line.poll(milliseconds: 20) } while received == nil && line.send(" ")
                return String(decoding: received ?? [], as: UTF8.self)
            }
            #expect(received.hasPrefix("HTTP/1.1 408"))
            _ = try await hub.metrics { $0.contains(#"requests_total{route="v1/orgs/{org}",method="POST",status="408"} 1"#) }
            let line = try await log.line { $0.contains("v1/orgs/{org}") }
            #expect(line.contains("\"status\": 408") && !line.contains("cut"), "\(line)")
            #expect(try await hub.asRoot("GET", "/v1/orgs", status: 200).json?[member: "orgs"]?[member: "slow"] == nil)
        }
    }

    @Test func aBodyThatComesSteadilyIsTaken() async throws {
        try await TestHub.run(configure: Self.quick) { hub in
            let document = Array(#"{"label":"steady","description":""}"#.utf8)
            let received = try await SlowClientLine.run(port: hub.client.port) { line in
                line.send(Self.head("POST", "/v1/orgs/steady", "Connection: close", "Content-Length: \(20 * 4096 + document.count)"))
                for _ in 0..<20 {
                    line.send([UInt8](repeating: 32, count: 4096))
                    _ = try line.poll(milliseconds: 40)
                }
                line.send(document)
                return try line.receive()
            }
            #expect(received.hasPrefix("HTTP/1.1 201"), "\(received)")
        }
    }

    @Test(arguments: [true, false]) func halfAnUploadIsNeverTaken(isSilent: Bool) async throws {
        try await TestHub.run(configure: Self.quick) { hub in
            try await hub.addOrg("o")
            try await hub.asRoot("PUT", "/api/v1/objects/o/t/x", ["meta": ["objectID": "x", "objectType": "t"]], status: 204)
            _ = try await SlowClientLine.run(port: hub.client.port) { line in
                line.send(Self.head("PUT", "/api/v1/objects/o/t/x/data", "Transfer-Encoding: chunked"))
                line.send("5\r\nhello\r\n")
                if !isSilent { line.endSending() }
                return try line.receive()
            }
            #expect(try await hub.client.send("GET", "/api/v1/objects/o/t/x/data", auth: Self.root).status == 404)
            try await hub.files(0)
        }
    }

    @Test func aReaderThatDoesNotReadIsGivenUp() async throws {
        try await TestHub.run(configure: Self.quick) { hub in
            try await hub.addBigObject()
            let count = try await SlowClientLine.run(port: hub.client.port, receiveBuffer: 4096) { line in
                line.send(Self.head("GET", "/api/v1/objects/o/t/big/data"))
                let other = HubClientLine(port: hub.client.port)
                try other.wait { $0.contains("given_up_total{reason=\"slow_reader\"} 1\n") }
                return try line.receive().utf8.count
            }
            #expect(count < TestHub.bigBytes)
        }
    }

    @Test func aReaderThatIsOnlySlowGetsEverything() async throws {
        try await TestHub.run(configure: { $0.limits.answer = .seconds(2) }) { hub in
            try await hub.addBigObject()
            let count = try await SlowClientLine.run(port: hub.client.port) { line in
                line.send(Self.head("GET", "/api/v1/objects/o/t/big/data", "Connection: close"))
                // Slower than the bound in all, but it goes on.
                let (start, other) = (ContinuousClock().now, HubClientLine(port: hub.client.port))
                var count = 0
                while ContinuousClock().now < start + .seconds(3), let chunk = try line.poll(milliseconds: 20_000) {
                    count += chunk.count
                    try other.wait { _ in true }
                }
                return try line.count() + count
            }
            #expect(count > TestHub.bigBytes)
        }
    }

    @Test func moreConnectionsThanAllowedWait() async throws {
        try await TestHub.run(configure: { $0.limits.connectionsMax = 2 }) { hub in
            try await SlowClientLine.run(port: hub.client.port) { first in
                let request = Self.head("GET", "/v1/admin/version", auth: nil)
                first.send(request)
                _ = try first.receive(until: "2.154.0")
                let second = try SlowClientLine(port: hub.client.port)
                second.send(request)
                _ = try second.receive(until: "2.154.0")
                let third = try SlowClientLine(port: hub.client.port)
                third.send(request)
                #expect(try third.poll(milliseconds: 300) == nil)
                second.endSending()
                _ = try second.receive()
                #expect(try third.receive(until: "2.154.0").hasPrefix("HTTP/1.1 200"))
            }
        }
    }

    @Test func inACrowdNobodyKeepsAConnection() async throws {
        try await TestHub.run(configure: { $0.limits.connectionsMax = 4 }) { hub in
            let closes = try await SlowClientLine.run(port: hub.client.port) { first in
                var lines = [first]
                // One after the other: those that are there when nobody else is may stay.
                for _ in 0..<3 {
                    lines.last?.send(Self.head("GET", "/v1/admin/version", auth: nil))
                    #expect(try lines.last?.receive(until: "2.154.0").contains("connection: close") == false)
                    lines.append(try SlowClientLine(port: hub.client.port))
                }
                lines[3].send(Self.head("GET", "/v1/admin/version", auth: nil))
                return try withExtendedLifetime(lines) { try lines[3].receive().contains("connection: close") }
            }
            #expect(closes)
        }
    }
}

/// Asks for `/metrics` from a thread that may block.
private struct HubClientLine {
    let port: UInt16

    func wait(_ isThere: (String) -> Bool) throws {
        let deadline = ContinuousClock().now + .seconds(20)
        repeat {
            let line = try SlowClientLine(port: port)
            line.send("GET /metrics HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n")
            if isThere(try line.receive()) { return }
        } while ContinuousClock().now < deadline
        throw TestFailure("the counters do not show it within 20 s")
    }
}

extension TestHub {
    fileprivate static let bigBytes = 32 << 20

    fileprivate func addBigObject() async throws {
        try await addOrg("o")
        try await asRoot("PUT", "/api/v1/objects/o/t/big", ["meta": ["objectID": "big", "objectType": "t"]], status: 204)
        let bytes = [UInt8](repeating: 7, count: Self.bigBytes)
        let auth = "root/root:\(Self.rootPassword)"
        #expect(try await client.send("PUT", "/api/v1/objects/o/t/big/data", auth: auth, body: bytes).status == 204)
    }

    /// Waits until so many files of objects are there.
    fileprivate func files(_ count: Int) async throws {
        let deadline = ContinuousClock().now + .seconds(20)
        while folderEntries(root + "/objects").count != count {
            if ContinuousClock().now > deadline { throw TestFailure("found \(folderEntries(root + "/objects"))") }
            await Task.yield()
        }
    }
}
