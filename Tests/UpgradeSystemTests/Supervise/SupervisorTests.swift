import Glibc
import Synchronization
import Testing
import UpgradeModel
import UpgradePorts

@testable import UpgradeSystem

@Suite("Supervisor: the agent")
struct SupervisorTests {
    @Test("It starts the agent, stops it with itself, and takes its socket away")
    func lifeAndDeath() throws {
        let rig = try SupervisorRig()
        let pid = try rig.agent(started: 1)
        #expect(try rig.client.agent() == .running(pid: pid))
        rig.stop()
        #expect(!isRunning(pid))
        #expect(access(rig.scratch.path("run/uplift/supervisor.sock"), F_OK) != 0)
        #expect(rig.agents.count == 1)
    }

    @Test("An agent that ends is started again, by the command that is right then")
    func restart() throws {
        let rig = try SupervisorRig()
        let first = try rig.agent(started: 1)
        rig.plan.change { $0.agent = "echo $$ >> $DIR/second; exec cat" }
        kill(first, SIGKILL)
        #expect(eventually { rig.scratch.lines("second").count == 1 })
    }

    @Test("An agent that cannot be started is tried again, and the reason is shown")
    func cannotStart() throws {
        let rig = try SupervisorRig { $0.agent = "" }
        #expect(eventually { (try? rig.client.agent()) == .stopped(last: "not started: no release is current") })
        let refused = ServiceFailure(.refused, "the supervisor refused to `start`: no release is current")
        #expect(throws: refused) { try rig.client.startAgent() }
        rig.plan.change { $0.agent = SupervisorRig.agent }
        _ = try rig.agent(started: 1)
    }

    @Test("An idle supervisor sleeps: it looks at the disk once")
    func idle() throws {
        let rig = try SupervisorRig()
        _ = try rig.agent(started: 1)
        for _ in 0..<5 { _ = try rig.client.agent() }
        #expect(rig.plan.looks == 1)
    }

    @Test("An instant that is no longer of interest wakes nobody")
    func nothingDue() throws {
        let scratch = try Scratch()
        let plan = ScriptedPlan(agent: "")
        let supervisor = try Supervisor(root: scratch.folder, environment: [:], plan: plan)
        supervisor.look()
        #expect(supervisor.nextDue != nil)
        plan.change { $0.agent = "exec cat" }
        #expect(supervisor.answer(to: "start") == .done)
        supervisor.look()
        #expect(supervisor.nextDue == nil)
        supervisor.agent.child?.killGroup()
        #expect(eventually { supervisor.agent.reap() == .signal(SIGKILL) })
    }

    @Test("A termination signal ends it, and the agent with it")
    func signal() throws {
        let scratch = try Scratch()
        let plan = ScriptedPlan(agent: SupervisorRig.agent)
        let (isOver, trouble) = (Flag(), Flag())
        // On a thread of its own, because the signals stay blocked for as long as the thread lives.
        LiveThreads().start("signalled") {
            do {
                let signals = try TerminationSignals()
                let environment = ["DIR": scratch.folder, "PATH": "/bin:/usr/bin"]
                let supervisor = try Supervisor(root: scratch.folder, environment: environment, plan: plan)
                supervisor.look()
                pthread_kill(pthread_self(), SIGTERM)
                signals.wait()
                supervisor.run(signals: signals)
            } catch {
                trouble.raise()
            }
            isOver.raise()
        }
        #expect(eventually { isOver.isRaised })
        #expect(!trouble.isRaised)
        #expect(plan.answers.withLock { $0.log }.contains("supervisor: agent ended: signal 15"))
    }

    @Test("A client stops and starts the agent; in between nothing is started")
    func stopAndStart() throws {
        let rig = try SupervisorRig()
        let pid = try rig.agent(started: 1)
        try rig.client.stopAgent()
        #expect(!isRunning(pid))
        try rig.client.stopAgent()
        #expect(try rig.client.agent() == .stopped(last: "signal 15"))
        #expect(rig.agents.count == 1)
        try rig.client.startAgent()
        let second = try rig.agent(started: 2)
        try rig.client.startAgent()
        #expect(try rig.client.agent() == .running(pid: second))
    }

    @Test("An agent that does not listen is killed, with all that it left in its group")
    func stubborn() throws {
        let rig = try SupervisorRig { $0.agent = "trap '' TERM; sleep 1000 & echo $! > $DIR/child; echo $$ >> $DIR/agents; exec cat" }
        let pid = try rig.agent(started: 1)
        let child = try #require(rig.scratch.lines("child").first.flatMap { Int32($0) })
        try rig.client.stopAgent()
        #expect(!isRunning(pid))
        #expect(eventually { !isRunning(child) })
        #expect(try rig.client.agent() == .stopped(last: "signal 9"))
    }

    @Test("While it is being stopped, a start is refused and another stop waits too")
    func overlapping() throws {
        var limits = SupervisorRig.quick
        limits.stopGrace = .seconds(60)
        let rig = try SupervisorRig({ $0.agent = "trap '' TERM; echo $$ >> $DIR/agents; exec cat" }, limits: limits)
        let pid = try rig.agent(started: 1)
        let folder = rig.scratch.path("run/uplift")
        let waiting = try (0..<2).map { _ in try UnixSocket.connect(folder: folder, name: "supervisor.sock", timeout: .seconds(20)) }
        for socket in waiting { #expect(send(socket.number, "stop\n", 5, 0) == 5) }
        let later = ServiceFailure(
            .unavailable, "the supervisor cannot `start` now: the agent is being stopped; ask again when it is gone")
        #expect(eventually { failure { try rig.client.startAgent() } == later })
        kill(pid, SIGKILL)
        for socket in waiting {
            var bytes = [UInt8](repeating: 0, count: 16)
            #expect(recv(socket.number, &bytes, 16, 0) == 3 && bytes.starts(with: "ok\n".utf8))
        }
    }

    @Test("Pauses double up to a bound and are forgotten after a long run")
    func backOff() {
        var backOff = BackOff(SupervisorLimits())
        let pauses = (0..<10).map { _ in backOff.pause(afterRunning: .seconds(59)) }
        #expect(pauses.prefix(4) == [.milliseconds(200), .milliseconds(400), .milliseconds(800), .milliseconds(1600)])
        #expect(pauses.suffix(2) == [.seconds(30), .seconds(30)])
        #expect(backOff.pause(afterRunning: .seconds(60)) == .milliseconds(200))
    }

    @Test("The agent gets the environment, a life line to read, and nothing else of ours")
    func surroundings() throws {
        let rig = try SupervisorRig {
            $0.agent = "ls /proc/self/fd | wc -l > $DIR/open; echo $UPLIFT_LIFELINE_FD > $DIR/line; echo $$ >> $DIR/agents; exec cat"
        }
        let pid = try rig.agent(started: 1)
        #expect(rig.scratch.lines("open") == ["4"] && rig.scratch.lines("line") == ["0"])
        #expect(getsid(pid) == pid && getpgid(pid) == pid)
    }
}

/// What a client is told when it is refused.
func refusal(_ body: () throws -> Void) -> String? { failure(body)?.explanation }

/// The same, with what it means.
func failure(_ body: () throws -> Void) -> ServiceFailure? {
    do {
        try body()
        return nil
    } catch {
        return error as? ServiceFailure
    }
}
