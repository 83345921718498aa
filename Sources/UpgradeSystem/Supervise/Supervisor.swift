import CSystemCalls
import Glibc
import UpgradeModel
import UpgradePorts

/// The parent of agent and installer: `upliftd supervise`. One thread, which sleeps until something happens.
///
/// What may run when, in the order in which it is asked: somebody else's installer (the lock), an open job's `recover`, the agent of
/// `current`. While an installer works, the agent is started and stopped only as it asks. Source: install.md, "What starts what".
package final class Supervisor {
    let plan: any SupervisorPlan
    let limits: SupervisorLimits
    private let environment: [String: String]
    private let folder: String
    private let stopper: SupervisorStopper
    private let lifeLine: (reading: Descriptor, writing: Descriptor)
    private var listener: Descriptor?
    var clients: [SupervisorConnection] = []

    var agent = SupervisedProcess("agent")
    var installer = SupervisedProcess("installer")
    /// What the installer works on.
    var installing: Ticket?
    /// False after a client's `stop`.
    var agentWanted = true
    /// An installer, ours or not, was at work when we last looked; when it has ended, the agent is wanted again.
    var handsOff = false
    /// When the disk is looked at again; nil = when something happens.
    var lookAgain: Duration?
    var plansBackOff: BackOff
    /// What we wait for, so that it is logged once.
    var lastWhy = ""
    private(set) var isStopping = false

    /// Takes the socket of the node under `root`. `environment` is what the children get.
    /// Errors: another supervisor answers there, or the folder cannot be made.
    package init(
        root: String, environment: [String: String], plan: any SupervisorPlan, limits: SupervisorLimits = SupervisorLimits()
    ) throws(ProcessFailure) {
        self.plan = plan
        self.limits = limits
        self.environment = environment.merging([LifeLine.variable: "0"]) { $1 }
        folder = root + "/" + SupervisorRequest.folder
        plansBackOff = BackOff(limits)
        do throws(SystemError) {
            lifeLine = try Spawn.pipe()
            stopper = SupervisorStopper(Descriptor(owning: try retrying { uplift_event() }))
            try Self.makeFolders(root)
            listener = try UnixSocket.listen(folder: folder, name: SupervisorRequest.socket)
        } catch {
            let reason = error.code == EADDRINUSE ? "another supervisor answers there; stop it first" : error.reason
            throw ProcessFailure("cannot listen on \(folder)/\(SupervisorRequest.socket): \(reason)")
        }
        agent.backOff = BackOff(limits)
        installer.backOff = BackOff(limits)
    }

    /// Lets other threads stop this supervisor as a signal does.
    package func makeStopper() -> SupervisorStopper { stopper }

    /// Runs until it is stopped; agent and installer are gone then.
    package func run(signals: TerminationSignals? = nil) {
        look()
        while !isStopping || installer.isAlive || agent.isAlive {
            let ready = wait(signals)
            if ready.contains(.stop), !isStopping { beginStopping() }
            reapAll()
            if ready.contains(.listener) { acceptClients() }
            serveClients()
            killOverdue()
            if isStopping { continueStopping() } else { look() }
        }
        plan.log("supervisor: agent and installer are gone; ending")
    }

    /// Starts a program with the life line as its standard input.
    func spawn(_ command: [String]) throws(SystemError) -> ChildProcess {
        try ChildProcess(Spawn.Request(command: command, environment: environment, directory: nil, input: lifeLine.reading, output: nil))
    }

    private func beginStopping() {
        isStopping = true
        lookAgain = nil
        listener = nil
        UnixSocket.remove(folder: folder, name: SupervisorRequest.socket)
        plan.log("supervisor: asked to end; stopping the installer first, then the agent")
    }

    /// The installer first: it must not see its agent vanish and draw conclusions from it.
    private func continueStopping() {
        if installer.isAlive { return installer.terminate(within: limits.stopGrace) }
        agent.terminate(within: limits.stopGrace)
    }

    private static func makeFolders(_ root: String) throws(SystemError) {
        var path = root
        for name in SupervisorRequest.folder.split(separator: "/") {
            path += "/" + name
            if mkdir(path, 0o755) != 0, errno != EEXIST { throw SystemError(code: errno) }
        }
    }
}

extension Supervisor {
    private enum Ready { case stop, listener }

    /// When something is due though nothing happens; nil = it sleeps until something does.
    var nextDue: Duration? { ([lookAgain, agent.killAt, installer.killAt] + clients.map(\.deadline)).compactMap { $0 }.min() }

    /// Sleeps until a signal, a child's end, a client, or the next instant at which something is due.
    private func wait(_ signals: TerminationSignals?) -> Set<Ready> {
        // Once is enough: what asked us to end stays readable.
        let fixed = [isStopping ? nil : stopper.event, isStopping ? nil : signals?.descriptor, listener]
        let watched = fixed + [agent.child?.ended, installer.child?.ended] + clients.map(\.socket)
        var waited = watched.map { pollfd(fd: $0?.number ?? -1, events: Int16(POLLIN), revents: 0) }
        for (index, client) in clients.enumerated() where client.isWaiting { waited[fixed.count + 2 + index].events = 0 }
        let count = poll(&waited, nfds_t(waited.count), Monotonic.pollTimeout(until: nextDue, now: Monotonic.now()))
        withExtendedLifetime(watched) {}
        for index in clients.indices { clients[index].isReady = count > 0 && waited[fixed.count + 2 + index].revents != 0 }
        guard count > 0 else { return [] }
        var ready: Set<Ready> = []
        if waited[0].revents != 0 || waited[1].revents != 0 { ready.insert(.stop) }
        if waited[2].revents != 0 { ready.insert(.listener) }
        return ready
    }

    private func acceptClients() {
        guard let listener else { return }
        while true {
            let socket: Descriptor
            do throws(SystemError) {
                socket = try listener.use { number throws(SystemError) in Descriptor(owning: try retrying { uplift_accept(number) }) }
            } catch {
                // Out of descriptors: the client stays in the queue, and must not keep us awake.
                if error.code != EAGAIN { usleep(100_000) }
                return
            }
            let isTrusted = (try? PeerCredentials.of(socket).isTrusted) ?? false
            // Root's own programs connect; more than a few at once is a fault of theirs.
            guard isTrusted, clients.count < 16 else { continue }
            clients.append(SupervisorConnection(socket, deadline: Monotonic.now() + limits.requestTimeout))
        }
    }
}

/// Stops a supervisor from another thread.
package final class SupervisorStopper: Sendable {
    fileprivate let event: Descriptor

    fileprivate init(_ event: Descriptor) { self.event = event }

    /// As SIGTERM does; returns at once.
    package func stop() {
        var one: UInt64 = 1
        _ = event.use { write($0, &one, 8) }
    }
}
