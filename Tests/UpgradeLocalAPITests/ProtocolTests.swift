import Testing
import UpgradePorts

@testable import UpgradeLocalAPI

@Suite struct ProtocolTests {
    @Test func constantHeaders() throws {
        let test = try TestServer()
        let answer = try test.overTCP().get("/status/x%2Fy?a=b%26c")
        #expect(answer.body == "GET [status|x/y] (a=b&c) 0")
        #expect(
            answer.headers == [
                "content-length": "26", "content-type": "text/plain", "cache-control": "no-store", "x-content-type-options": "nosniff",
            ])
    }

    @Test func theHandlersHeadersAndStatus() throws {
        let test = try TestServer { _ in LocalResponse(405, headers: [("Allow", "GET, OPTIONS")]) }
        let answer = try test.overTCP().get("/status")
        #expect(answer.status == 405)
        #expect(answer.headers["allow"] == "GET, OPTIONS")
        #expect(answer.headers["content-length"] == "0")
        #expect(answer.headers["content-type"] == nil)
    }

    @Test func noContentHasNoLength() throws {
        let test = try TestServer { _ in LocalResponse(204) }
        let client = try test.overTCP()
        #expect(try client.get("/eventlog").headers["content-length"] == nil)
        #expect(try client.get("/eventlog").status == 204)
    }

    @Test func headHasLengthAndNoBody() throws {
        let test = try TestServer()
        let client = try test.overTCP()
        client.send("HEAD /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n")
        #expect(try client.answer(hasBody: false).headers["content-length"] == "13")
        #expect(try client.answer().body == "GET [b] () 0")
    }

    @Test func keepAlive() throws {
        let test = try TestServer()
        let client = try test.overSocket()
        for number in 0..<100 { #expect(try client.get("/\(number)").body == "GET [\(number)] () 0") }
    }

    @Test func closeWhenAsked() throws {
        let test = try TestServer()
        let client = try test.overSocket()
        #expect(try client.get("/a", "Connection: close\r\n").headers["connection"] == "close")
        #expect(try client.isClosed())
    }

    @Test func http10() throws {
        let test = try TestServer()
        let client = try test.overTCP()
        client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(try client.answer().headers["connection"] == "keep-alive")
        client.send("GET /a HTTP/1.0\r\n\r\n")
        #expect(try client.answer().status == 200)
        #expect(try client.isClosed())
    }

    @Test func pipeliningKeepsTheOrder() throws {
        let gate = Gate()
        let test = try TestServer { request in
            if request.path == ["0"] { gate.wait() }
            return TestServer.echo(request)
        }
        let client = try test.overSocket()
        client.send((0..<50).map { "PUT /\($0) HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc" }.joined())
        #expect(Eventually.holds { gate.arrivals == 1 })
        #expect(test.handler.count == 1)
        gate.open()
        for number in 0..<50 { #expect(try client.answer().body == "PUT [\(number)] () 3") }
    }

    @Test func aBrokenRequestBehindAGoodOne() throws {
        let test = try TestServer()
        let client = try test.overSocket()
        client.send("GET /a HTTP/1.1\r\n\r\nnonsense\r\n\r\n")
        #expect(try client.answer().status == 200)
        #expect(try client.answer().status == 400)
    }

    @Test(arguments: [
        "nonsense\r\n\r\n", "GET\r\n\r\n", "GET /a HTTP/2.0\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /a HTTP/1.1\r\nNo colon\r\n\r\n",
        "GET http://localhost/a HTTP/1.1\r\n\r\n", "OPTIONS * HTTP/1.1\r\n\r\n", "CONNECT localhost:80 HTTP/1.1\r\n\r\n",
        "GET /%zz HTTP/1.1\r\n\r\n", "PUT /a HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "PUT /a HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "PUT /a HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", "PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "\u{16}\u{3}\u{1}\u{2}", "\r\n\0\0\0\r\n\r\n",
    ])
    func malformed(request: String) throws {
        let test = try TestServer()
        let client = try test.overSocket()
        client.send(request)
        let answer = try client.answer()
        #expect(answer.status == 400)
        #expect(answer.body.hasPrefix("{\"error\":\""))
        client.endOutput()
        #expect(try client.isClosed())
        #expect(test.handler.count == 0)
    }

    @Test func anUpgradeIsAnsweredAndEnds() throws {
        let test = try TestServer()
        let client = try test.overSocket()
        let answer = try client.get("/a", "Connection: Upgrade\r\nUpgrade: websocket\r\n")
        #expect(answer.status == 200)
        #expect(answer.headers["connection"] == "close")
    }

    @Test func expectContinue() throws {
        let test = try TestServer()
        let client = try test.overSocket()
        client.send("PUT /a HTTP/1.1\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        #expect(try client.answer().status == 100)
        client.send("abcd")
        #expect(try client.answer().body == "PUT [a] () 4")
    }

    @Test func aClientThatSaysItIsDoneStillGetsItsAnswer() throws {
        let gate = Gate()
        let test = try TestServer { request in
            gate.wait()
            return TestServer.echo(request)
        }
        let client = try test.overSocket()
        client.send("GET /a HTTP/1.1\r\n\r\n")
        client.endOutput()
        #expect(Eventually.holds { gate.arrivals == 1 })
        gate.open()
        #expect(try client.answer().body == "GET [a] () 0")
        #expect(try client.isClosed())
    }

    @Test func noConnectionIsKeptForAClientThatIsDone() throws {
        let test = try TestServer(LimitTests.limits { $0.connectionsMax = 1 })
        let client = try test.overSocket()
        #expect(try client.get("/a", "Connection: close\r\n").status == 200)
        client.endOutput()
        #expect(Eventually.holds { try test.overSocket().get("/a").status == 200 })
    }

    @Test func aClientThatLeavesHarmsNobody() throws {
        let gate = Gate()
        let test = try TestServer { request in
            if request.path == ["left"] { gate.wait() }
            return TestServer.echo(request)
        }
        for _ in 0..<2 {
            let client = try test.overSocket()
            client.send("GET /left HTTP/1.1\r\n\r\n")
            #expect(Eventually.holds { gate.arrivals > 0 })
            client.hangUp()
        }
        #expect(Eventually.holds { gate.arrivals == 2 })
        gate.open()
        #expect(try test.overSocket().get("/a").status == 200)
    }
}

@Suite struct LifeTests {
    @Test func twoHandlersAtOnce() throws {
        let gate = Gate()
        let test = try TestServer { request in
            gate.wait()
            return TestServer.echo(request)
        }
        let clients = try (0..<5).map { _ in try test.overSocket() }
        for client in clients { client.send("GET /a HTTP/1.1\r\n\r\n") }
        #expect(Eventually.holds { gate.arrivals == 2 })
        gate.open()
        for client in clients { #expect(try client.answer().status == 200) }
    }

    @Test func stopAnswersWhatIsUnderWay() throws {
        let gate = Gate()
        let test = try TestServer(LimitTests.limits { $0.stopTime = .seconds(60) }) { request in
            gate.wait()
            return TestServer.echo(request)
        }
        let busy = try test.overSocket()
        busy.send("GET /a HTTP/1.1\r\n\r\nGET /never HTTP/1.1\r\n\r\n")
        let idle = try test.overTCP()
        #expect(Eventually.holds { gate.arrivals == 1 })
        let server = test.server
        let stopping = Background { server.stop() }
        #expect(try idle.isClosed())
        #expect(throws: RawClient.Failed.self) { try test.overSocket() }
        gate.open()
        let answer = try busy.answer()
        #expect(answer.body == "GET [a] () 0")
        #expect(answer.headers["connection"] == "close")
        busy.endOutput()
        #expect(try busy.isClosed())
        stopping.join()
        #expect(test.handler.count == 1)
    }

    @Test func stopDoesNotWaitForAStuckHandler() throws {
        let gate = Gate()
        let test = try TestServer(LimitTests.limits { $0.stopTime = .milliseconds(50) }) { request in
            gate.wait()
            return TestServer.echo(request)
        }
        let client = try test.overSocket()
        client.send("GET /a HTTP/1.1\r\n\r\n")
        #expect(Eventually.holds { gate.arrivals == 1 })
        let start = ContinuousClock.now
        test.server.stop()
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(try client.isClosed())
        gate.open()
    }

    @Test func stopTwiceAndNeverStarted() throws {
        let test = try TestServer()
        test.server.stop()
        test.server.stop()
        let error = #expect(throws: LocalAPIError.self) { try test.server.start() }
        #expect(error?.kind == .state)
    }

    @Test func aServerAfterAnother() throws {
        let folder = Scratch.folder()
        let first = try TestServer(in: folder)
        let port = first.port
        _ = try first.overTCP().get("/a", "Connection: close\r\n")
        first.server.stop()
        let second = try TestServer(in: folder, tcpPort: port)
        #expect(second.port == port)
        #expect(try second.overTCP().get("/a").status == 200)
    }
}
