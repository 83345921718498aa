import Testing
import UpgradePorts

@testable import UpgradeLocalAPI

@Suite struct LimitTests {
    static func limits(_ change: (inout LocalAPILimits) -> Void) -> LocalAPILimits {
        var limits = LocalAPILimits.patient
        change(&limits)
        return limits
    }

    static let hasty = limits { $0.requestTime = .milliseconds(150) }

    // MARK: Time

    @Test(arguments: [
        "G", "GET /status HTTP/1.1\r\nHost: localhost\r\nX-", "PUT /a HTTP/1.1\r\nContent-Length: 10\r\n\r\n12345",
        "PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n123",
    ])
    func anUnfinishedRequestIsEnded(start: String) throws {
        let test = try TestServer(Self.hasty)
        let client = try test.overSocket()
        client.send(start)
        let answer = try client.answer()
        #expect(answer.status == 408)
        #expect(answer.headers["connection"] == "close")
        client.endOutput()
        #expect(try client.isClosed())
        #expect(test.handler.count == 0)
    }

    @Test func drippingDoesNotHelp() throws {
        let test = try TestServer(Self.hasty)
        let client = try test.overSocket()
        client.send("GET /status HTTP/1.1\r\n")
        var drops = 0
        while client.send("X-Drop-\(drops): 1\r\n"), drops < 100_000, !client.hasAnswer(within: 10) { drops += 1 }
        #expect(try client.answer().status == 408)
    }

    @Test func silenceIsEndedWithoutAWord() throws {
        let test = try TestServer(Self.limits { $0.idleTime = .milliseconds(50) })
        #expect(try test.overSocket().isClosed())
        let client = try test.overTCP()
        #expect(try client.get("/a").status == 200)
        #expect(try client.isClosed())
    }

    @Test func aReaderThatDoesNotReadIsEnded() throws {
        let size = 16 << 20
        let test = try TestServer(Self.limits { $0.writeTime = .milliseconds(100) }) { _ in
            LocalResponse(200, body: [UInt8](repeating: 120, count: size), contentType: "text/plain")
        }
        let client = try test.overSocket()
        client.send("GET /a HTTP/1.1\r\n\r\n")
        #expect(client.waitForHangUp(seconds: 30))
        #expect(try client.drained() < size)
    }

    @Test func aSlowHandlerIsNotEnded() throws {
        let gate = Gate()
        let test = try TestServer(
            Self.limits {
                $0.requestTime = .milliseconds(50)
                $0.idleTime = .milliseconds(50)
                $0.writeTime = .milliseconds(50)
            }
        ) { request in
            if request.path == ["slow"] { gate.wait() }
            return LocalResponse(200, body: Array("done".utf8))
        }
        let slow = try test.overSocket()
        slow.send("GET /slow HTTP/1.1\r\nConnection: close\r\n\r\n")
        // A whole life of another connection shows that those times have passed.
        #expect(try test.overSocket().isClosed())
        gate.open()
        #expect(try slow.answer().body == "done")
    }

    // MARK: Size

    @Test(arguments: Hostile.heads) func aHeadTooLarge(head: Hostile) throws {
        let test = try TestServer()
        let client = try test.overSocket()
        client.send(head.text)
        #expect(try client.answer().status == 431)
        #expect(test.handler.count == 0)
    }

    @Test func aHeadJustSmallEnough() throws {
        let test = try TestServer()
        #expect(try test.overSocket().get("/a", "X: \(String(repeating: "x", count: (16 << 10) - 100))\r\n").status == 200)
    }

    @Test func aBodyTooLarge() throws {
        let test = try TestServer()
        let announced = try test.overSocket()
        announced.send("PUT /a HTTP/1.1\r\nContent-Length: 65537\r\n\r\n")
        #expect(try announced.answer().status == 413)
        let whole = try test.overSocket()
        whole.send("PUT /a HTTP/1.1\r\nContent-Length: 3000000\r\n\r\n" + String(repeating: "x", count: 3_000_000))
        #expect(try whole.answer().status == 413)
        let chunked = try test.overSocket()
        chunked.send("PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<17 { chunked.send("1000\r\n\(String(repeating: "x", count: 0x1000))\r\n") }
        #expect(try chunked.answer().status == 413)
        #expect(test.handler.count == 0)
    }

    @Test(arguments: Hostile.chunks) func chunkFramingDoesNotHelp(chunks: Hostile) throws {
        let test = try TestServer()
        let client = try test.overSocket()
        client.send("PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks.text)")
        #expect(try client.answer().status == 413)
        #expect(test.handler.count == 0)
    }

    @Test func endlessTrailersDoNotHelp() throws {
        let test = try TestServer()
        let client = try test.overSocket()
        client.send("PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n")
        for _ in 0..<200 { client.send("X: \(String(repeating: "x", count: 1000))\r\n") }
        #expect([413, 431].contains(try client.answer().status))
    }

    @Test func aBodyJustSmallEnough() throws {
        let test = try TestServer()
        let client = try test.overSocket()
        let body = String(repeating: "x", count: 64 << 10)
        client.send("PUT /a HTTP/1.1\r\nContent-Length: 65536\r\n\r\n\(body)")
        #expect(try client.answer().body == "PUT [a] () 65536")
        client.send("PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n10000\r\n\(body)\r\n0\r\n\r\n")
        #expect(try client.answer().body == "PUT [a] () 65536")
    }

    // MARK: Number

    @Test func connectionsAreBoundedPerDoor() throws {
        let test = try TestServer(Self.limits { $0.connectionsMax = 3 })
        let held = try (0..<3).map { _ in try test.overTCP() }
        for client in held { #expect(try client.get("/a").status == 200) }
        #expect(try test.overTCP().isClosed())
        #expect(try test.overSocket().get("/a").status == 200)
        held[0].hangUp()
        #expect(Eventually.holds { try test.overTCP().get("/a").status == 200 })
    }
}

/// A long text with a short name, so that a test's report stays readable.
struct Hostile: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String

    static let heads = [
        Hostile(testDescription: "one field", text: "GET /a HTTP/1.1\r\nX: \(String(repeating: "x", count: 17 << 10))\r\n\r\n"),
        Hostile(testDescription: "target", text: "GET /\(String(repeating: "x", count: 17 << 10)) HTTP/1.1\r\n\r\n"),
        Hostile(
            testDescription: "fields without end",
            text: "GET /a HTTP/1.1\r\n\(String(repeating: "Xxxxx: \(String(repeating: "y", count: 99))\r\n", count: 200))"),
        Hostile(testDescription: "too many fields", text: "GET /a HTTP/1.1\r\n\(String(repeating: "X: y\r\n", count: 1000))\r\n"),
        Hostile(testDescription: "empty lines", text: String(repeating: "\r\n", count: 9 << 10)),
    ]

    static let chunks = [
        Hostile(testDescription: "long extension", text: "1;\(String(repeating: "e", count: 200_000))\r\n"),
        Hostile(testDescription: "tiny chunks", text: String(repeating: "1\r\nx\r\n", count: 40_000)),
    ]
}
