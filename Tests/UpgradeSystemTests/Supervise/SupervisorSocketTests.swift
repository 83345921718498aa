import Glibc
import Testing
import UpgradeModel
import UpgradePorts

@testable import UpgradeSystem

@Suite("Supervisor: socket and life line")
struct SupervisorSocketTests {
    @Test("Only the owner may connect, and there is one supervisor a node")
    func one() throws {
        let rig = try SupervisorRig()
        var status = stat()
        #expect(stat(rig.scratch.path("run/uplift/supervisor.sock"), &status) == 0 && status.st_mode & 0o7777 == 0o600)
        let second = #expect(throws: ProcessFailure.self) {
            try Supervisor(root: rig.scratch.folder, environment: [:], plan: ScriptedPlan(agent: ""))
        }
        #expect(second?.explanation.contains("another supervisor answers there") == true)
        _ = try rig.agent(started: 1)
    }

    @Test("The socket of a killed supervisor is replaced")
    func leftover() throws {
        let scratch = try Scratch()
        do {
            let killed = try UnixSocket.listen(folder: scratch.folder, name: "s")
            #expect(throws: SystemError.self) { try UnixSocket.listen(folder: scratch.folder, name: "s") }
            withExtendedLifetime(killed) {}
        }
        try #require(access(scratch.path("s"), F_OK) == 0)
        // A child that another test begins holds everything open until it has become another program.
        var next: Descriptor?
        #expect(
            eventually {
                next = try? UnixSocket.listen(folder: scratch.folder, name: "s")
                return next != nil
            })
        _ = try UnixSocket.connect(folder: scratch.folder, name: "s", timeout: .seconds(5))
        withExtendedLifetime(next) {}
    }

    @Test("The folder's path may be longer than a socket's address")
    func longPath() throws {
        let scratch = try Scratch()
        let folder = scratch.path(String(repeating: "long", count: 40))
        try #require(mkdir(folder, 0o700) == 0)
        let listener = try UnixSocket.listen(folder: folder, name: "supervisor.sock")
        let socket = try UnixSocket.connect(folder: folder, name: "supervisor.sock", timeout: .seconds(5))
        let peer = try PeerCredentials.of(socket)
        #expect(peer.user == geteuid() && peer.process == getpid() && peer.isTrusted)
        #expect(!PeerCredentials(user: geteuid() + 1, process: 1).isTrusted)
        withExtendedLifetime(listener) {}
    }

    @Test("Without a supervisor the error says what to do")
    func nobody() throws {
        let scratch = try Scratch()
        let client = SupervisorClient(root: scratch.folder)
        #expect(refusal { try client.stopAgent() }?.contains("start `upliftd supervise`") == true)
    }

    @Test("Nonsense, silence and hanging up harm nobody")
    func nonsense() throws {
        let rig = try SupervisorRig()
        let pid = try rig.agent(started: 1)
        let folder = rig.scratch.path("run/uplift")
        for text in ["\n", "dance\n", "install x\n", "stop now\n", "\0\n", String(repeating: "a", count: 300)] {
            let socket = try UnixSocket.connect(folder: folder, name: "supervisor.sock", timeout: .seconds(20))
            #expect(send(socket.number, text, text.utf8.count, 0) == text.utf8.count)
            var bytes = [UInt8](repeating: 0, count: 100)
            #expect(recv(socket.number, &bytes, 100, 0) > 6 && bytes.starts(with: "error ".utf8))
        }
        let silent = try UnixSocket.connect(folder: folder, name: "supervisor.sock", timeout: .seconds(20))
        let gone = try UnixSocket.connect(folder: folder, name: "supervisor.sock", timeout: .seconds(20))
        #expect(shutdown(gone.number, Int32(SHUT_RDWR)) == 0)
        #expect(try rig.client.agent() == .running(pid: pid))
        var byte: UInt8 = 0
        #expect(recv(silent.number, &byte, 1, 0) == 0)
    }

    @Test("Words survive the way there and back")
    func words() throws {
        let requests: [SupervisorRequest] = [.stop, .start, .agent, .install(SupervisorRig.ticket)]
        for request in requests { #expect(SupervisorRequest(line: request.line) == request) }
        let answers: [SupervisorAnswer] = [
            .done, .agent(.running(pid: 7)), .agent(.stopped(last: nil)), .agent(.stopped(last: "exit 3")), .refused("one two three four"),
            .later("one two three four"),
        ]
        for answer in answers { #expect(SupervisorAnswer(line: answer.line) == answer) }
        for line in ["", "ok running", "ok running x", "ok dancing", "error", "later", "no"] {
            #expect(SupervisorAnswer(line: line) == nil)
        }
    }

    @Test("The life line tells when the supervisor's end of the pipe is gone, and not before")
    func lifeLine() throws {
        var pipe: (reading: Descriptor, writing: Descriptor)? = try Spawn.pipe()
        let reading = try #require(pipe?.reading)
        let isClosed = Flag()
        #expect(LifeLine.watch(environment: [LifeLine.variable: "\(reading.number)"]) { isClosed.raise() })
        var writing = pipe?.writing
        pipe = nil
        #expect(!isClosed.isRaised && writing != nil)
        writing = nil
        #expect(eventually { isClosed.isRaised })
    }

    @Test("Without a pipe there is no life line", arguments: [[:], ["UPLIFT_LIFELINE_FD": ""], ["UPLIFT_LIFELINE_FD": "9999"]])
    func noLifeLine(environment: [String: String]) throws {
        #expect(!LifeLine.watch(environment: environment) {})
        let file = Descriptor(owning: open("/dev/null", O_RDONLY | O_CLOEXEC))
        #expect(!LifeLine.watch(environment: [LifeLine.variable: "\(file.number)"]) {})
    }

    @Test("A child that reads its life line ends with the last writing end")
    func child() throws {
        var pipe: (reading: Descriptor, writing: Descriptor)? = try Spawn.pipe()
        let child = try ChildProcess(
            Spawn.Request(command: ["/bin/cat"], environment: [:], directory: nil, input: try #require(pipe?.reading), output: nil))
        #expect(child.reap() == nil)
        pipe = nil
        var end: ChildProcess.End?
        #expect(
            eventually {
                end = child.reap()
                return end != nil
            })
        #expect(end == .exit(0))
    }
}
