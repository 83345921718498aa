import Glibc
import Testing
import UpgradePorts

@testable import UpgradeSystem

@Suite("Commands of packages")
struct LiveCommandRunnerTests {
    private let scratch: Scratch
    private let runner = LiveCommandRunner()

    init() throws { scratch = try Scratch() }

    private func shell(_ script: String, environment: [String: String] = [:], timeout: Duration = .seconds(60)) -> Command {
        Command(executable: "/bin/sh", arguments: ["-c", script], directory: scratch.folder, environment: environment, timeout: timeout)
    }

    private func end(_ command: Command) throws -> CommandState {
        let id = try runner.begin(command)
        try #require(eventually { runner.poll(id) != .running })
        return runner.poll(id)
    }

    @Test("Exit code and both streams come back")
    func exit() throws {
        #expect(try end(shell("echo out; echo err >&2; exit 3")) == .exited(code: 3, output: "out err"))
        #expect(try end(shell("exit 0")) == .exited(code: 0, output: ""))
    }

    @Test("A signal is told apart from an exit")
    func signal() throws {
        #expect(try end(shell("echo bye; kill -TERM $$")) == .signalled(15, output: "bye"))
    }

    @Test("It runs in its folder with its environment, nothing to read, and nothing of ours open")
    func surroundings() throws {
        let script = "pwd; echo $A-$HOME; cat; ls /proc/self/fd | wc -l"
        // The fourth descriptor is the folder that `ls` itself reads.
        #expect(
            try end(shell(script, environment: ["A": "b", "PATH": "/bin:/usr/bin"])) == .exited(code: 0, output: "\(scratch.folder) b- 4"))
    }

    @Test("Only the last 4 KiB are kept, without control characters")
    func output() throws {
        guard case .exited(0, let output) = try end(shell("i=0; while [ $i -lt 40000 ]; do echo line$i; i=$((i+1)); done")) else {
            Issue.record("it did not exit")
            return
        }
        #expect(output.utf8.count <= 4096 && output.hasSuffix("line39998 line39999") && !output.contains("line10 "))
        #expect(try end(shell("printf 'a\\033[31mb\\007\\302\\205c\\377d\\te\\r\\n'")) == .exited(code: 0, output: "a[31mbc\u{FFFD}d e"))
    }

    @Test("Its whole group is killed when its time is over, even if nobody asks")
    func timeout() throws {
        let id = try runner.begin(shell("sleep 1000 & echo $! > child; echo said; wait", timeout: .milliseconds(300)))
        #expect(eventually { scratch.lines("child").count == 1 })
        let child = try #require(scratch.lines("child").first.flatMap { Int32($0) })
        #expect(eventually { !isRunning(child) })
        #expect(eventually { runner.poll(id) == .timedOut(output: "said") })
    }

    @Test("Its group is killed when it is cancelled")
    func cancel() throws {
        let id = try runner.begin(shell("sleep 1000 & echo $! > child; wait"))
        #expect(runner.poll(id) == .running)
        #expect(eventually { scratch.lines("child").count == 1 })
        let child = try #require(scratch.lines("child").first.flatMap { Int32($0) })
        runner.cancel(id)
        runner.cancel(id)
        #expect(eventually { !isRunning(child) })
        #expect(runner.poll(id) == .signalled(SIGKILL, output: ""))
    }

    @Test("What it leaves behind neither holds it up nor lives on")
    func leftovers() throws {
        #expect(try end(shell("sleep 1000 & echo $! > child; echo done")) == .exited(code: 0, output: "done"))
        let child = try #require(scratch.lines("child").first.flatMap { Int32($0) })
        #expect(eventually { !isRunning(child) })
    }

    @Test("A command that cannot be started says so")
    func cannotStart() throws {
        for executable in ["/nowhere/at/all", "sh", "", scratch.folder] {
            let command = Command(executable: executable, arguments: [], directory: "/", environment: [:], timeout: .seconds(1))
            #expect(throws: CommandFailure.self) { try runner.begin(command) }
        }
        #expect(throws: CommandFailure.self) { try runner.begin(shell("echo \0")) }
        let elsewhere = Command(
            executable: "/bin/true", arguments: [], directory: scratch.path("no"), environment: [:], timeout: .seconds(1))
        #expect(throws: CommandFailure.self) { try runner.begin(elsewhere) }
    }

    @Test("Many at once do not mix")
    func many() throws {
        let ids = try (0..<20).map { ($0, try runner.begin(shell("echo \($0); exit \($0)"))) }
        for (number, id) in ids {
            #expect(eventually { runner.poll(id) == .exited(code: Int32(number), output: "\(number)") })
        }
    }
}
