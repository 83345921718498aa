import UpgradeModel

extension Supervisor {
    /// Decides what must be started now. Looks at the disk only when nothing of ours says that it need not.
    func look() {
        guard !installer.isAlive, !agent.isAlive || handsOff else {
            // An instant that is not taken back would wake us for nothing, again and again.
            lookAgain = nil
            return
        }
        let now = Monotonic.now()
        if let due = lookAgain, now < due { return }
        lookAgain = nil
        do {
            if try plan.lockHeld() {
                return leaveAlone(until: now + limits.lockPause, "somebody else's installer is at work; waiting for it")
            }
            if let job = try plan.openJob() { return recover(job, now) }
        } catch {
            plan.log("supervisor: cannot tell whether a job is open, so nothing is started: \(error)")
            handsOff = true
            lookAgain = now + plansBackOff.pause(afterRunning: .zero)
            return
        }
        plansBackOff.reset()
        installer.backOff.reset()
        if handsOff {
            handsOff = false
            agentWanted = true
            agent.notBefore = now
        }
        keepAgent(now)
    }

    /// Notices ends.
    func reapAll() {
        if let end = installer.reap() {
            plan.log("supervisor: installer of job \(installing?.text ?? "?") ended: \(end)")
            installing = nil
            handsOff = true
            lookAgain = nil
        }
        if let end = agent.reap() {
            plan.log("supervisor: agent ended: \(end)")
            lookAgain = handsOff ? lookAgain : nil
        }
    }

    func killOverdue() {
        agent.killIfOverdue()
        installer.killIfOverdue()
    }

    /// Starts an installer or `recover`. Errors: as text for the client or the log.
    func startInstaller(_ ticket: Ticket, _ command: [String]) throws(SystemError) {
        installer.started(try spawn(command))
        installing = ticket
        handsOff = true
        lookAgain = nil
        plan.log("supervisor: installer of job \(ticket) started, process \(installer.child?.pid ?? 0)")
    }

    /// Starts the agent that `current` names now. Errors: as text for the client or the log.
    func startAgent() throws {
        let command = try plan.agentCommand()
        do {
            agent.started(try spawn(command))
        } catch {
            throw ProcessFailure("cannot start \(command.first ?? "an empty command"): \(error.reason)")
        }
        plan.log("supervisor: agent started, process \(agent.child?.pid ?? 0)")
    }

    private func recover(_ job: OpenJob, _ now: Duration) {
        if now < installer.notBefore {
            return leaveAlone(until: installer.notBefore, "job \(job.ticket) is open; recovering it after a pause")
        }
        do throws(SystemError) {
            try startInstaller(job.ticket, job.command)
        } catch {
            installer.failed(error.reason)
            leaveAlone(until: installer.notBefore, "cannot start \(job.command.first ?? "an empty command"): \(error.reason)")
        }
    }

    private func leaveAlone(until instant: Duration, _ why: String) {
        if !handsOff || why != lastWhy { plan.log("supervisor: \(why)") }
        lastWhy = why
        handsOff = true
        lookAgain = instant
    }

    private func keepAgent(_ now: Duration) {
        guard !agent.isAlive, agentWanted else { return }
        guard now >= agent.notBefore else {
            lookAgain = agent.notBefore
            return
        }
        do {
            try startAgent()
        } catch {
            agent.failed("\(error)")
            plan.log("supervisor: \(error)")
            lookAgain = agent.notBefore
        }
    }
}
