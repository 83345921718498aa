import ExchangeServer
import FoundationEssentials
import Testing
import UpgradeWire

/// Bodies that nobody wants, and bodies that wait to be asked for.
@Suite struct SlowClientBodyTests {
    private static func head(_ method: String, _ path: String, auth: String? = nil, _ lines: String...) -> String {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: hub\r\n"
        if let auth { head += "Authorization: Basic \(Data(auth.utf8).base64EncodedString())\r\n" }
        return head + lines.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    @Test(arguments: ["Content-Length: 1073741824", "Transfer-Encoding: chunked"])
    func aLargeRefusedBodyIsNotSwallowed(length: String) async throws {
        try await TestHub.run(configure: { $0.limits.linger = .milliseconds(200) }) { hub in
            let (sent, answer) = try await SlowClientLine.run(port: hub.client.port) { line in
                line.send(Self.head("PUT", "/api/v1/objects/o/t/x/data", length))
                let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 1, count: 0x10000) + Array("\r\n".utf8)
                var sent = 0
                while sent < 1 << 28, line.send(chunk) { sent += chunk.count }
                return (sent, try line.receive())
            }
            #expect(sent < 1 << 25)
            #expect(answer.hasPrefix("HTTP/1.1 403"))
            #expect(answer.lowercased().contains("connection: close"))
        }
    }

    @Test func behindASmallRefusedBodyTheConnectionGoesOn() async throws {
        try await TestHub.run { hub in
            let answers = try await SlowClientLine.run(port: hub.client.port) { line in
                line.send(Self.head("PUT", "/v1/orgs/o/nodes/n", "Content-Length: 10000"))
                let refused = try line.receive(until: "invalid.credentials")
                line.send([UInt8](repeating: 32, count: 10_000))
                line.send(Self.head("GET", "/v1/admin/version", "Connection: close"))
                return [refused, try line.receive()]
            }
            #expect(answers[0].hasPrefix("HTTP/1.1 401"))
            #expect(answers[1].hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func aClientThatWaitsIsToldToGoOn() async throws {
        try await TestHub.run { hub in
            let document = #"{"label":"o","description":""}"#
            let answers = try await SlowClientLine.run(port: hub.client.port) { line in
                let auth = "root/root:\(TestHub.rootPassword)"
                line.send(Self.head("POST", "/v1/orgs/o", auth: auth, "Expect: 100-continue", "Content-Length: \(document.utf8.count)"))
                let first = try line.receive(until: "\r\n\r\n")
                line.send(document)
                return [first, try line.receive(until: "}")]
            }
            #expect(answers[0] == "HTTP/1.1 100 Continue\r\n\r\n")
            #expect(answers[1].hasPrefix("HTTP/1.1 201"))
        }
    }

    @Test func aClientThatWaitsIsNotAskedForWhatIsRefused() async throws {
        try await TestHub.run { hub in
            let answer = try await SlowClientLine.run(port: hub.client.port) { line in
                line.send(Self.head("POST", "/v1/orgs/o", "Expect: 100-continue", "Content-Length: 10"))
                return try line.receive()
            }
            #expect(answer.hasPrefix("HTTP/1.1 401"))
            #expect(answer.lowercased().contains("connection: close"))
        }
    }

    @Test func anOldClientSeesTheEnd() async throws {
        try await TestHub.run { hub in
            let answer = try await SlowClientLine.run(port: hub.client.port) { line in
                line.send("GET /v1/admin/version HTTP/1.0\r\n\r\n")
                return try line.receive()
            }
            #expect(answer.contains("connection: close"))
            #expect(answer.hasSuffix("2.154.0\n"))
        }
    }
}
