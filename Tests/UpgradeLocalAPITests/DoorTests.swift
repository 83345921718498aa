import Glibc
import Testing
import UpgradePorts

@testable import UpgradeLocalAPI

@Suite struct SocketDoorTests {
    @Test func modeFolderAndRemoval() throws {
        let parent = Scratch.folder()
        let folder = "\(parent)/run"
        let test = try TestServer(in: folder)
        #expect(Scratch.mode(test.socketPath) == S_IFSOCK | 0o660)
        #expect(Scratch.mode(folder) == S_IFDIR | 0o755)
        #expect(try test.overSocket().get("/a").status == 200)
        test.server.stop()
        #expect(Scratch.mode(test.socketPath) == nil)
        #expect(throws: RawClient.Failed.self) { try test.overSocket() }
        Scratch.remove(folder)
        Scratch.remove(parent)
    }

    @Test func aPathLongerThanASocketAddress() throws {
        let parent = Scratch.folder()
        let folder = "\(parent)/\(String(repeating: "long", count: 40))"
        let test = try TestServer(in: folder)
        #expect(test.socketPath.utf8.count > 150)
        #expect(try test.overSocket().get("/a").status == 200)
        test.server.stop()
        #expect(Scratch.mode(test.socketPath) == nil)
        Scratch.remove(folder)
        Scratch.remove(parent)
    }

    @Test func aKilledAgentsSocketIsReplaced() throws {
        let folder = Scratch.folder()
        close(try ListeningSocket.bound(toPath: "\(folder)/agent.sock"))
        #expect(Scratch.mode("\(folder)/agent.sock") != nil)
        let test = try TestServer(in: folder)
        #expect(try test.overSocket().get("/a").status == 200)
    }

    @Test func whatIsNoSocketIsLeftAlone() throws {
        let folder = Scratch.folder()
        Scratch.write("keep", to: "\(folder)/agent.sock")
        let error = #expect(throws: LocalAPIError.self) { try TestServer.unstarted(in: folder).start() }
        #expect(error?.kind == .socket)
        #expect(error?.explanation.contains("not a socket") == true)
        #expect(Scratch.text("\(folder)/agent.sock") == "keep")
        Scratch.remove(folder)
    }

    @Test func anotherAgentsSocketIsNotRemovedAtStop() throws {
        let test = try TestServer()
        rename(test.socketPath, "\(test.folder)/port.new")
        Scratch.write("other", to: test.socketPath)
        test.server.stop()
        #expect(Scratch.text(test.socketPath) == "other")
    }

    @Test func aFolderThatCannotBe() {
        let error = #expect(throws: LocalAPIError.self) { try TestServer.unstarted(in: "/proc/self/status/run").start() }
        #expect(error?.kind == .folder)
    }
}

@Suite struct TCPDoorTests {
    @Test func portFileAndLoopbackOnly() throws {
        let test = try TestServer()
        #expect(test.port > 0)
        #expect(Scratch.text(test.portFile) == "\(test.port)\n")
        #expect(Scratch.mode(test.portFile) == S_IFREG | 0o644)
        #expect(try test.overTCP().get("/a").body == "GET [a] () 0")
        // The kernel's table is not read in one piece, so a line can be missed while other tests open and close sockets.
        var listening: [Substring] = []
        for _ in 0..<50 where listening.isEmpty { listening = listeners(test.port) }
        #expect(listening.count == 1)
        #expect(listening.allSatisfy { $0.contains("0100007F:") })
        test.server.stop()
        #expect(Scratch.mode(test.portFile) == nil)
        #expect(test.server.port == nil)
        #expect(throws: RawClient.Failed.self) { try RawClient(port: test.port) }
    }

    private func listeners(_ port: Int) -> [Substring] {
        let hex = String(port, radix: 16, uppercase: true)
        let end = ":\(String(repeating: "0", count: 4 - hex.count))\(hex) 00000000:0000 0A"
        return (Scratch.text("/proc/net/tcp") ?? "").split(separator: "\n").filter { $0.contains(end) }
    }

    @Test func aTakenPortSaysWhatToDoAndOpensNothing() throws {
        let first = try TestServer()
        let folder = Scratch.folder()
        let error = #expect(throws: LocalAPIError.self) { try TestServer.unstarted(in: folder, tcpPort: first.port).start() }
        #expect(error?.kind == .portTaken)
        #expect(error?.description.contains("\(first.port)") == true)
        #expect(error?.description.contains("Open Horizon") == true)
        #expect(error?.description.contains("HZN_AGENT_PORT") == true)
        #expect(Scratch.mode("\(folder)/agent.sock") == nil)
        #expect(Scratch.mode("\(folder)/port") == nil)
        Scratch.remove(folder)
    }

    @Test func theSocketDoorServesWhileThePortIsTaken() throws {
        let first = try TestServer()
        let folder = Scratch.folder()
        let server = TestServer.unstarted(in: folder, tcpPort: first.port)
        defer {
            server.stop()
            Scratch.remove(folder)
        }
        try server.openSocketDoor()
        #expect(throws: LocalAPIError.self) { try server.openTCPDoor() }
        #expect(try RawClient(path: "\(folder)/agent.sock").get("/a").status == 200)
        first.server.stop()
        try server.openTCPDoor()
        #expect(try RawClient(port: server.port ?? 0).get("/a").status == 200)
    }

    @Test func withoutAPortThereIsNoTCP() throws {
        let test = try TestServer(tcpPort: nil)
        #expect(test.server.port == nil)
        #expect(Scratch.mode(test.portFile) == nil)
        #expect(try test.overSocket().get("/a").status == 200)
    }

    @Test(arguments: [-1, 65536]) func noPort(port: Int) {
        #expect(throws: LocalAPIError.self) { try TestServer(tcpPort: port) }
    }

    @Test func descriptorsAreNotInherited() throws {
        let test = try TestServer()
        let client = try test.overSocket()
        _ = try client.get("/a")
        let leaking = (3..<4096).filter { descriptor in
            var status = stat()
            guard fstat(Int32(descriptor), &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return false }
            var listens: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(Int32(descriptor), SOL_SOCKET, SO_ACCEPTCONN, &listens, &length)
            return listens == 1 && fcntl(Int32(descriptor), F_GETFD) & FD_CLOEXEC == 0
        }
        #expect(leaking.isEmpty)
    }
}
