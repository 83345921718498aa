import FoundationEssentials
import Glibc
import Testing
import UpgradeModel
import UpgradePorts

@testable import UpgradeSystem

@Suite("Supervisor: installer and recovery")
struct SupervisorInstallTests {
    private let ticket = SupervisorRig.ticket

    @Test("An open job is recovered before any agent is started")
    func recoverFirst() throws {
        let rig = try SupervisorRig {
            $0.job = SupervisorRig.ticket
            $0.installer = SupervisorRig.installer
        }
        #expect(eventually { rig.installs.count == 1 })
        #expect(rig.installs.first?.hasPrefix("recover ") == true && rig.agents.isEmpty)
        #expect(try rig.client.agent() == .stopped(last: nil))
        rig.plan.change { $0.job = nil }
        kill(try installer(of: rig), SIGTERM)
        _ = try rig.agent(started: 1)
    }

    @Test("An installer that ends with its job open is run again as recover, with pauses, and the agent is left alone")
    func again() throws {
        let rig = try SupervisorRig { $0.installer = "echo $0 >> $DIR/installs; exit 1" }
        let agent = try rig.agent(started: 1)
        rig.plan.change { $0.job = SupervisorRig.ticket }
        try rig.client.handOver(ticket)
        #expect(eventually { rig.installs.count >= 4 })
        #expect(Set(rig.installs) == ["recover"])
        kill(agent, SIGKILL)
        let count = rig.installs.count
        #expect(eventually { rig.installs.count >= count + 2 })
        #expect(rig.agents.count == 1)
        rig.plan.change { $0.job = nil }
        _ = try rig.agent(started: 2)
    }

    @Test("A job that is handed over gets one installer, and asking again is fine")
    func handOver() throws {
        let rig = try SupervisorRig { $0.installer = SupervisorRig.installer }
        let agent = try rig.agent(started: 1)
        try rig.client.handOver(ticket)
        try rig.client.handOver(ticket)
        #expect(eventually { rig.installs.count == 1 })
        #expect(rig.installs.first?.hasPrefix("install ") == true)
        #expect(refusal { try rig.client.handOver(SupervisorRig.otherTicket) }?.contains("is being installed") == true)
        // The installer alone says when the agent stops and starts.
        kill(agent, SIGKILL)
        #expect(eventually { (try? rig.client.agent()) == .stopped(last: "signal 9") })
        try rig.client.startAgent()
        _ = try rig.agent(started: 2)
        try rig.client.stopAgent()
        #expect(try rig.client.agent() == .stopped(last: "signal 15"))
        #expect(rig.agents.count == 2 && rig.installs.count == 1)
        kill(try installer(of: rig), SIGKILL)
        _ = try rig.agent(started: 3)
    }

    @Test("Somebody else's installer is waited for; nothing is started, but a client may ask")
    func lockHeld() throws {
        let rig = try SupervisorRig {
            $0.isLocked = true
            $0.job = SupervisorRig.ticket
            $0.installer = "echo $0 >> $DIR/installs; exit 1"
        }
        #expect(eventually { rig.plan.looks > 3 })
        #expect(rig.agents.isEmpty && rig.installs.isEmpty)
        #expect(refusal { try rig.client.handOver(ticket) }?.contains("did not start") == true)
        try rig.client.startAgent()
        _ = try rig.agent(started: 1)
        try rig.client.stopAgent()
        #expect(rig.installs.isEmpty)
        rig.plan.change { $0.isLocked = false }
        #expect(eventually { rig.installs.count > 1 })
        #expect(rig.agents.count == 1)
        rig.plan.change { $0.job = nil }
        _ = try rig.agent(started: 2)
    }

    @Test("An installer is told at once that the agent's program cannot be started, and may ask again")
    func refused() throws {
        let rig = try SupervisorRig { $0.installer = SupervisorRig.installer }
        let agent = try rig.agent(started: 1)
        try rig.client.handOver(ticket)
        try rig.client.stopAgent()
        #expect(!isRunning(agent))
        let script = rig.scratch.path("script")
        try Data("#!/bin/sh\n".utf8).write(to: URL(filePath: script))
        for (program, reason) in [("/nonexistent/upliftd", "No such file or directory"), (script, "Permission denied")] {
            rig.plan.change { $0.program = program }
            let refused = failure { try rig.client.startAgent() }
            #expect(refused?.kind == .refused)
            #expect(refused?.explanation.contains("cannot start \(program): \(reason)") == true, "\(refused?.explanation ?? "started")")
            #expect(try rig.client.agent() == .stopped(last: "not started: cannot start \(program): \(reason)"))
        }
        #expect(rig.agents.count == 1 && rig.installs.count == 1)
        rig.plan.change { $0.program = "/bin/sh" }
        try rig.client.startAgent()
        _ = try rig.agent(started: 2)
    }

    @Test("What may be asked again later counts against nobody")
    func later() throws {
        let rig = try SupervisorRig { $0.installer = SupervisorRig.installer }
        try rig.client.handOver(ticket)
        #expect(failure { try rig.client.handOver(SupervisorRig.otherTicket) }?.kind == .unavailable)
        let scratch = try Scratch()
        let supervisor = try Supervisor(root: scratch.folder, environment: [:], plan: ScriptedPlan(agent: ""))
        supervisor.makeStopper().stop()
        supervisor.run()
        #expect(supervisor.answer(to: "start") == .later("the supervisor is ending"))
        #expect(failure { try SupervisorClient(root: scratch.path("nowhere")).startAgent() }?.kind == .unavailable)
    }

    @Test("An installer whose program cannot be started is tried again after growing pauses, not at once")
    func cannotRecover() throws {
        let plan = ScriptedPlan(agent: "exec cat")
        plan.change {
            $0.job = SupervisorRig.ticket
            $0.installer = "echo \0"
        }
        var limits = SupervisorLimits()
        (limits.restartFirst, limits.restartMax) = (.seconds(1000), .seconds(4000))
        let scratch = try Scratch()
        let supervisor = try Supervisor(root: scratch.folder, environment: [:], plan: plan, limits: limits)
        for pause in [1000, 2000, 4000, 4000] {
            supervisor.installer.notBefore = .zero
            supervisor.lookAgain = nil
            supervisor.look()
            let looks = plan.looks
            for _ in 0..<5 { supervisor.look() }
            #expect(plan.looks == looks)
            let due = try #require(supervisor.nextDue) - Monotonic.now()
            #expect(due > .seconds(pause - 500) && due <= .seconds(pause))
        }
        #expect(!supervisor.agent.isAlive && !supervisor.installer.isAlive)
    }

    @Test("When journals cannot be read nothing is started, and it is tried again")
    func unreadable() throws {
        let rig = try SupervisorRig { $0.failure = ProcessFailure("the disk does not answer") }
        #expect(eventually { rig.plan.looks > 3 })
        #expect(rig.agents.isEmpty)
        rig.plan.change { $0.failure = nil }
        _ = try rig.agent(started: 1)
    }

    @Test("An installer that cannot be started is an error for the client, and the agent runs on")
    func cannotStart() throws {
        let rig = try SupervisorRig()
        let agent = try rig.agent(started: 1)
        rig.plan.change { $0.installer = "echo \0" }
        #expect(refusal { try rig.client.handOver(ticket) }?.contains("cannot start the installer") == true)
        #expect(try rig.client.agent() == .running(pid: agent))
    }

    @Test("Ending stops the installer first, then the agent, and restarts neither")
    func ending() throws {
        let rig = try SupervisorRig {
            $0.agent = "trap 'echo agent >> $DIR/ends; exit 0' TERM; echo $$ >> $DIR/agents; while :; do sleep 0.01; done"
            $0.installer = "trap 'echo installer >> $DIR/ends; exit 0' TERM; echo $0 $$ >> $DIR/installs; while :; do sleep 0.01; done"
        }
        _ = try rig.agent(started: 1)
        try rig.client.handOver(ticket)
        #expect(eventually { rig.installs.count == 1 })
        rig.plan.change { $0.job = SupervisorRig.ticket }
        rig.stop()
        #expect(rig.scratch.lines("ends") == ["installer", "agent"])
        #expect(rig.installs.count == 1 && rig.agents.count == 1)
    }

    private func installer(of rig: SupervisorRig) throws -> Int32 {
        try #require(eventually { !rig.installs.isEmpty })
        return try #require(rig.installs.last?.split(separator: " ").last.flatMap { Int32($0) })
    }
}
