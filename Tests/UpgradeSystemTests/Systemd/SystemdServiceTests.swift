import FoundationEssentials
import Glibc
import Testing
import UpgradePorts

@testable import UpgradeSystem

/// The adapter against a program that stands for `systemctl`; the real one is met in the booted node.
@Suite("systemd: start and stop of the agent's unit")
struct SystemdServiceTests {
    private let scratch: Scratch
    private let service: SystemdService
    private let permit: StartPermit

    init() throws {
        scratch = try Scratch()
        permit = StartPermit(runFolder: scratch.folder)
        service = SystemdService(program: scratch.path("systemctl"), permit: permit, timeout: .seconds(20))
        try say(state: "ActiveState=inactive SubState=dead")
    }

    /// Logs what it is asked and whether the permit is there, and shows this state.
    private func say(state: String, exit code: Int = 0) throws {
        let script = """
            #!/bin/sh
            echo "$1 $([ -e \(scratch.folder)/start-agent ] && echo permitted)" >> \(scratch.folder)/asked
            [ "$1" = show ] && { echo "\(state)" | tr ' ' '\\n'; exit 0; }
            echo "no such unit" >&2
            exit \(code)
            """
        // A name of its own, renamed: a program that is being written cannot be executed.
        try Data(script.utf8).write(to: URL(filePath: scratch.path("new")))
        chmod(scratch.path("new"), 0o755)
        rename(scratch.path("new"), scratch.path("systemctl"))
    }

    @Test("A start is permitted once, and one that runs already needs none")
    func start() throws {
        try service.startAgent()
        #expect(scratch.lines("asked") == ["show ", "start permitted"])
        #expect(permit.take())
        #expect(!permit.take())
        try say(state: "ActiveState=active SubState=running MainPID=7")
        try service.startAgent()
        #expect(scratch.lines("asked").suffix(1) == ["show "])
        #expect(!permit.take())
    }

    @Test("A start that systemd does not take leaves no permit, and says nothing against the program")
    func startRefused() throws {
        try say(state: "ActiveState=inactive", exit: 5)
        let failure = #expect(throws: ServiceFailure.self) { try service.startAgent() }
        #expect(failure?.kind == .unavailable)
        #expect(failure?.explanation.contains("exit 5 (no such unit)") == true)
        #expect(!permit.take())
    }

    @Test("A stop takes the permit back first")
    func stop() throws {
        try permit.grant()
        try service.stopAgent()
        #expect(scratch.lines("asked") == ["stop "])
    }

    @Test(
        "What systemd shows",
        arguments: [
            ("ActiveState=active SubState=running MainPID=7 Job=", AgentProcess.running(pid: 7)),
            ("ActiveState=activating SubState=start-pre ControlPID=8 MainPID=0", .running(pid: 8)),
            ("ActiveState=inactive SubState=dead Job=31 ExecMainCode=1 ExecMainStatus=1", .running(pid: 0)),
            ("ActiveState=activating SubState=auto-restart ExecMainCode=1 ExecMainStatus=75", .stopped(last: "exit 75")),
            ("ActiveState=failed ExecMainCode=2 ExecMainStatus=9 Result=signal", .stopped(last: "signal 9")),
            ("ActiveState=failed ExecMainCode=1 ExecMainStatus=203 Result=exit-code", .stopped(last: "exit 203: it could not be executed")),
            ("ActiveState=inactive ExecMainCode=0 Result=success", .stopped(last: nil)),
            ("ActiveState=failed ExecMainCode=0 Result=timeout", .stopped(last: "timeout")),
        ])
    func shown(_ text: String, _ expected: AgentProcess) throws {
        try say(state: text)
        #expect(try service.agent() == expected)
    }

    @Test("An answer without a state is an error, not a dead agent")
    func nonsense() throws {
        try say(state: "Failed to connect to bus")
        #expect(throws: ServiceFailure.self) { try service.agent() }
    }
}
