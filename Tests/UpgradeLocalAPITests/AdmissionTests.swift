import Glibc
import Testing
import UpgradePorts

@testable import UpgradeLocalAPI

@Suite struct AdmissionTests {
    @Test(arguments: ["PUT", "POST", "DELETE", "PATCH"])
    func tcpTakesNoChange(method: String) throws {
        let test = try TestServer()
        let client = try test.overTCP()
        client.send("\(method) /nodemanagement/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
        let answer = try client.answer()
        #expect(answer.status == 403)
        #expect(answer.body.hasPrefix("{\"error\":\"\(method) is not taken over TCP"))
        #expect(answer.body.hasSuffix("\"input\":\"\"}"))
        #expect(answer.headers["content-type"] == "application/json")
        #expect(test.handler.count == 0)
    }

    @Test func aRefusalReachesAClientThatIsStillSending() throws {
        let test = try TestServer()
        let client = try test.overTCP()
        let isTaken = client.send("PUT /a HTTP/1.1\r\nContent-Length: 32000000\r\n\r\n\(String(repeating: "x", count: 32_000_000))")
        #expect(isTaken, "a client whose sending fails may never look for the answer")
        #expect(try client.answer().status == 403)
    }

    @Test(arguments: ["GET", "HEAD", "OPTIONS"])
    func tcpTakesReads(method: String) throws {
        let test = try TestServer()
        let client = try test.overTCP()
        client.send("\(method) /status HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(try client.answer(hasBody: method != "HEAD").status == 200)
        #expect(test.handler.doors == [.tcp])
    }

    @Test func theSocketTakesChangesAndSaysWhoAsked() throws {
        let test = try TestServer()
        let client = try test.overSocket()
        client.send("PUT /nodemanagement/reset HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")
        #expect(try client.answer().body == "PUT [nodemanagement|reset] () 2")
        let peer = PeerIdentity(uid: geteuid(), gid: getegid(), pid: getpid())
        #expect(test.handler.doors == [.unixSocket(peer: peer)])
    }

    @Test(arguments: [true, false]) func aForeignHostIsRefused(tcp: Bool) throws {
        let test = try TestServer()
        let client = tcp ? try test.overTCP() : try test.overSocket()
        client.send("GET /status HTTP/1.1\r\nHost: evil.example:8510\r\n\r\n")
        let answer = try client.answer()
        #expect(answer.status == 403)
        #expect(answer.body.contains("evil.example") && answer.body.contains("localhost"))
        #expect(test.handler.count == 0)
    }

    @Test(arguments: ["Host: localhost:1\r\n", "Host: 127.0.0.1\r\n", "Host: [::1]\r\n", "Host:\r\n", ""])
    func aLocalHostIsTaken(header: String) throws {
        let test = try TestServer()
        for client in [try test.overTCP(), try test.overSocket()] {
            client.send("GET /status HTTP/1.1\r\n\(header)\r\n")
            #expect(try client.answer().status == 200)
        }
    }

    @Test func twoHostsAreRefused() throws {
        let test = try TestServer()
        let client = try test.overTCP()
        client.send("GET /status HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")
        #expect(try client.answer().status == 400)
    }
}

@Suite(.enabled(if: geteuid() == 0, "SKIPPED, NOT TESTED: acting as another user needs root"))
struct OtherUserTests {
    @Test func anotherUserIsRefused() throws {
        let test = try TestServer()
        chmod(test.folder, 0o755)
        chmod(test.socketPath, 0o666)
        let answer = OtherUser.ask(test.socketPath, groups: "4242")
        #expect(answer.hasPrefix("HTTP/1.1 403"))
        #expect(answer.contains("not uid 65534"))
        #expect(answer.contains("group uplift"))
        #expect(test.handler.count == 0)
    }

    @Test func theModeKeepsAnotherUserOutBeforeThat() throws {
        let test = try TestServer()
        chmod(test.folder, 0o755)
        #expect(OtherUser.ask(test.socketPath, groups: "4242").contains("PermissionError"))
    }

    @Test func theKernelTellsPeerAndGroups() throws {
        let folder = Scratch.folder()
        defer { Scratch.remove(folder) }
        let path = "\(folder)/agent.sock"
        let listener = try ListeningSocket.bound(toPath: path)
        defer { close(listener) }
        chmod(folder, 0o755)
        chmod(path, 0o666)
        #expect(listen(listener, 4) == 0)
        // Hangs up by itself: the kernel keeps what it noted.
        _ = OtherUser.ask(path, groups: "4242,4243", waits: false)
        let peer = accept(listener, nil, nil)
        defer { close(peer) }
        #expect(PeerCredentials.identity(of: peer)?.uid == 65534)
        #expect(PeerCredentials.identity(of: peer)?.gid == 65533)
        #expect(PeerCredentials.groups(of: peer).sorted() == [4242, 4243])
    }
}

/// A small program that runs as another user.
enum OtherUser {
    private static let script = """
        import socket, sys
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(30)
        try:
            s.connect(sys.argv[1])
            s.sendall(b"GET /status HTTP/1.1\\r\\n\\r\\n")
            while sys.argv[2] == "1":
                got = s.recv(65536)
                if not got: break
                print(got.decode(), end="")
        except OSError as error:
            print(type(error).__name__)
        """

    /// What uid 65534, gid 65533 with these supplementary groups gets to read.
    static func ask(_ path: String, groups: String, waits: Bool = true) -> String {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        let words = [
            "setpriv", "--reuid=65534", "--regid=65533", "--groups=\(groups)", "/usr/bin/python3", "-c", script, path, waits ? "1" : "0",
        ]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var child: pid_t = 0
        let code = posix_spawnp(&child, "setpriv", &actions, nil, &arguments, environ)
        close(ends[1])
        defer { close(ends[0]) }
        guard code == 0 else { return "setpriv did not start: \(code)" }
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = read(ends[0], &chunk, chunk.count), count > 0 { text.append(contentsOf: chunk.prefix(count)) }
        var status: Int32 = 0
        waitpid(child, &status, 0)
        return String(decoding: text, as: UTF8.self)
    }
}
