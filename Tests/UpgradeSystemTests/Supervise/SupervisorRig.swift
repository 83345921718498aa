import Synchronization
import Testing
import UpgradeModel
import UpgradePorts

@testable import UpgradeSystem

/// A plan whose answers the test sets, with shell scripts as agent and installer.
final class ScriptedPlan: SupervisorPlan, Sendable {
    struct Answers {
        var agent = ""
        var program = "/bin/sh"
        var installer = ""
        var job: Ticket?
        var isLocked = false
        var failure: ProcessFailure?
        var looks = 0
        var log: [String] = []
    }

    let answers: Mutex<Answers>

    init(agent: String) { answers = Mutex(Answers(agent: agent)) }

    func change(_ body: (inout Answers) -> Void) { answers.withLock { body(&$0) } }

    var looks: Int { answers.withLock { $0.looks } }

    func agentCommand() throws -> [String] {
        let (program, script) = answers.withLock { ($0.program, $0.agent) }
        if script.isEmpty { throw ProcessFailure("no release is current") }
        return [program, "-c", script]
    }

    func openJob() throws -> OpenJob? {
        answers.withLock { answers in answers.job.map { OpenJob(ticket: $0, command: ["/bin/sh", "-c", answers.installer, "recover"]) } }
    }

    func installCommand(_ ticket: Ticket) throws -> [String] { ["/bin/sh", "-c", answers.withLock { $0.installer }, "install"] }

    func lockHeld() throws -> Bool {
        try answers.withLock { answers in
            answers.looks += 1
            if let failure = answers.failure { throw failure }
            return answers.isLocked
        }
    }

    func log(_ line: String) { answers.withLock { $0.log.append(line) } }
}

/// A supervisor on a thread of its own in a scratch folder, stopped when the test is over.
final class SupervisorRig {
    static let ticket = Ticket(high: 1, low: 2)
    static let otherTicket = Ticket(high: 3, low: 4)

    let scratch: Scratch
    let plan: ScriptedPlan
    let client: SupervisorClient
    private let stopper: SupervisorStopper
    private let ended = Flag()

    /// `$DIR` is the scratch folder. The default agent notes its start and lives until it is told to end.
    init(_ prepare: (inout ScriptedPlan.Answers) -> Void = { _ in }, limits: SupervisorLimits = SupervisorRig.quick) throws {
        scratch = try Scratch()
        plan = ScriptedPlan(agent: Self.agent)
        plan.change(prepare)
        client = SupervisorClient(root: scratch.folder)
        let environment = ["DIR": scratch.folder, "PATH": "/bin:/usr/bin"]
        let supervisor = try Supervisor(root: scratch.folder, environment: environment, plan: plan, limits: limits)
        stopper = supervisor.makeStopper()
        let ended = ended
        let handed = Handed(supervisor)
        LiveThreads().start("supervisor") {
            handed.supervisor.run()
            ended.raise()
        }
    }

    deinit { stop() }

    /// Stops it as a signal does, and waits for its end.
    func stop() {
        stopper.stop()
        #expect(eventually { isOver })
    }

    func beginStopping() { stopper.stop() }

    var isOver: Bool { ended.isRaised }

    /// Process ids that the agent noted, one a start.
    var agents: [Int32] { scratch.lines("agents").compactMap { Int32($0) } }

    /// Words that the installer noted.
    var installs: [String] { scratch.lines("installs") }

    /// The agent's process id, once it runs as started `count` times.
    func agent(started count: Int) throws -> Int32 {
        try #require(eventually { agents.count >= count })
        return try #require(agents.last)
    }

    static let agent = "echo $$ >> $DIR/agents; exec cat"
    /// Notes how it was called and works until it is told to end.
    static let installer = "echo $0 $$ >> $DIR/installs; exec cat"

    static var quick: SupervisorLimits {
        var limits = SupervisorLimits()
        limits.restartFirst = .milliseconds(10)
        limits.restartMax = .milliseconds(80)
        limits.stopGrace = .milliseconds(400)
        limits.lockPause = .milliseconds(10)
        limits.requestTimeout = .milliseconds(200)
        return limits
    }

    /// Made here, used there only.
    private final class Handed: @unchecked Sendable {
        let supervisor: Supervisor

        init(_ supervisor: Supervisor) { self.supervisor = supervisor }
    }
}
