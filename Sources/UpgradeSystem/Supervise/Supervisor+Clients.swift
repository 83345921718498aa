import Glibc
import UpgradeModel
import UpgradePorts

extension Supervisor {
    /// Reads what clients said, answers whom it can, and lets go of those that are answered, gone or late.
    func serveClients() {
        let now = Monotonic.now()
        var staying: [SupervisorConnection] = []
        for var client in clients where !serve(&client, now) { staying.append(client) }
        clients = staying
    }

    /// True when the connection is over.
    private func serve(_ client: inout SupervisorConnection, _ now: Duration) -> Bool {
        if client.isWaiting {
            if !agent.isAlive { client.answer(.done) }
            // Any news of one that only waits is that it hung up.
            return !agent.isAlive || client.isReady
        }
        guard client.isReady else { return client.deadline.map { now >= $0 } ?? false }
        switch client.readLine() {
        case nil: return false
        case .gone: return true
        case .line(let line):
            guard let answer = answer(to: line) else {
                client.isWaiting = true
                client.deadline = nil
                return false
            }
            client.answer(answer)
            return true
        }
    }

    /// The answer; nil when it follows the agent's end.
    func answer(to line: String) -> SupervisorAnswer? {
        switch SupervisorRequest(line: line) {
        case nil: return .refused("unknown request; expected stop, start, agent or install <ticket>")
        case .agent: return .agent(agent.child.map { .running(pid: $0.pid) } ?? .stopped(last: agent.last))
        case .install(let ticket): return install(ticket)
        case .start: return start()
        case .stop:
            agentWanted = false
            lookAgain = handsOff ? lookAgain : nil
            guard agent.isAlive else { return .done }
            plan.log("supervisor: a client asked to stop the agent")
            agent.terminate(within: limits.stopGrace)
            return nil
        }
    }

    private func start() -> SupervisorAnswer {
        if isStopping { return .later("the supervisor is ending") }
        if agent.isEnding { return .later("the agent is being stopped; ask again when it is gone") }
        agentWanted = true
        if agent.isAlive { return .done }
        do {
            try startAgent()
            return .done
        } catch {
            agent.failed("\(error)")
            return .refused("\(error)")
        }
    }

    /// An answer of "ok" means that this very job has an installer, or will have one.
    private func install(_ ticket: Ticket) -> SupervisorAnswer {
        if isStopping { return .later("the supervisor is ending") }
        if installer.isAlive { return busyUnless(ticket, installing) }
        do {
            if try plan.lockHeld() { return .later("an installer that this supervisor did not start is at work; ask again later") }
            if let job = try plan.openJob() {
                // Found without our having looked for it, so it is looked at now; its pause between attempts is kept.
                handsOff = true
                lookAgain = nil
                return busyUnless(ticket, job.ticket)
            }
            try startInstaller(ticket, try plan.installCommand(ticket))
            return .done
        } catch let error as SystemError {
            return .refused("cannot start the installer of job \(ticket): \(error.reason)")
        } catch {
            return .refused("cannot start the installer of job \(ticket): \(error)")
        }
    }

    private func busyUnless(_ ticket: Ticket, _ other: Ticket?) -> SupervisorAnswer {
        ticket == other ? .done : .later("job \(other?.text ?? "?") is being installed; ask again when it has ended")
    }
}
