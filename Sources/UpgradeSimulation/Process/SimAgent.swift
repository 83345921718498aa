import Synchronization
import UpgradeModel
import UpgradePorts

/// The agent of a simulated node: started and stopped through the supervisor's port, asked through its own socket, on a clock that moves by hand.
package final class SimAgent: ServiceControl, AgentContact {
    /// One process.
    package struct Process: Hashable, Sendable {
        /// What it was started as.
        package let program: SimProgram
        /// Its number.
        package let pid: Int32
        /// When it was started, since boot.
        package let started: Duration
    }

    /// Everything about it at one moment.
    package struct Image: Hashable, Sendable {
        /// The process, unless there is none.
        package var process: Process?
        /// How the last one ended.
        package var last: String?
        /// Starts so far, by release; those that were refused included.
        package var starts: [Int: Int] = [:]
        /// Started while another release still ran, and the like: what must never be asked for.
        package var mistakes: [String] = []
        /// Jobs given back, with the reason.
        package var givenBack: [String] = []
        /// News that it was told of.
        package var nudges = 0
        /// Jobs handed over.
        package var handedOver: [Ticket] = []
        var nextPid: Int32 = 100

        /// Nothing was ever started.
        package init() {}
    }

    /// What is started now: the release that `current` names, and how it behaves at its n-th start. nil = nothing can be started.
    package typealias Loader = @Sendable (_ starts: [Int: Int]) -> SimProgram?

    private let state: Mutex<Image>
    private let clock: SimClock
    private let load: Loader
    private let hub: @Sendable (SimProgram) -> ProbeResult
    private let happened: @Sendable (Happening) -> Void

    /// What others may do at its start and end.
    package enum Happening: Sendable {
        case started(SimProgram)
        case ended(SimProgram)
    }

    /// - Parameters:
    ///   - hub: what a fresh probe of a running agent finds.
    ///   - happened: called at every start and end, outside any lock.
    package init(
        clock: SimClock, image: Image = Image(), load: @escaping Loader,
        hub: @escaping @Sendable (SimProgram) -> ProbeResult = { _ in ProbeResult(succeeded: true, reason: "") },
        happened: @escaping @Sendable (Happening) -> Void = { _ in }
    ) {
        self.clock = clock
        self.load = load
        self.hub = hub
        self.happened = happened
        state = Mutex(image)
    }

    /// Everything about it now.
    package var image: Image {
        settle()
        return state.withLock { $0 }
    }

    /// Takes its power away: no last words.
    package func kill() {
        state.withLock {
            $0.process = nil
            $0.last = "signal 9"
        }
    }

    // MARK: ServiceControl

    package func stopAgent() {
        settle()
        let ended = state.withLock { state -> SimProgram? in
            guard let process = state.process else { return nil }
            state.process = nil
            state.last = "signal 15"
            return process.program
        }
        if let ended { happened(.ended(ended)) }
    }

    package func startAgent() throws(ServiceFailure) {
        settle()
        guard let program = load(state.withLock { $0.starts }) else {
            throw ServiceFailure(.refused, "current names nothing that can be started")
        }
        if isRefused(program) { throw ServiceFailure(.refused, "cannot start the program of release \(program.release)") }
        let isNew = state.withLock { state -> Bool in
            if let running = state.process {
                if running.program.release != program.release {
                    state.mistakes.append("release \(program.release) was to be started while \(running.program.release) ran")
                }
                return false
            }
            state.nextPid += 1
            state.starts[program.release, default: 0] += 1
            state.process = Process(program: program, pid: state.nextPid, started: clock.sinceBoot())
            return true
        }
        if isNew { happened(.started(program)) }
        settle()
    }

    /// One that runs is not started again, so nothing is refused then.
    private func isRefused(_ program: SimProgram) -> Bool {
        state.withLock { state in
            guard program.cannotStart, state.process == nil else { return false }
            state.starts[program.release, default: 0] += 1
            state.last = "not started"
            return true
        }
    }

    package func agent() -> AgentProcess {
        settle()
        return state.withLock { state in
            if let process = state.process { .running(pid: process.pid) } else { .stopped(last: state.last) }
        }
    }

    package func handOver(_ job: Ticket) { state.withLock { $0.handedOver.append(job) } }

    // MARK: AgentContact

    package func explain(_ ticket: Ticket, waitsFor reason: String, nextProbe: UTCInstant) {}

    package func evidence() throws(ContactFailure) -> AgentEvidence {
        let process = try answering()
        let program = process.program
        return AgentEvidence(
            bootID: program.otherBoot ? "another boot" : clock.bootID, pid: process.pid,
            startedSinceBoot: Double(process.started.components.seconds), release: program.release, version: program.version,
            ticket: program.ticket, databaseTrouble: program.databaseTrouble)
    }

    package func evidenceOverTCP() throws(ContactFailure) -> AgentEvidence {
        guard try answering().program.answersOverTCP else { throw ContactFailure("nobody listens on the port") }
        return try evidence()
    }

    package func probeHub() throws(ContactFailure) -> ProbeResult { hub(try answering().program) }

    package func nudge() { state.withLock { $0.nudges += 1 } }

    package func giveBack(_ ticket: Ticket, reason: String) { state.withLock { $0.givenBack.append("\(ticket): \(reason)") } }

    private func answering() throws(ContactFailure) -> Process {
        settle()
        guard let process = state.withLock({ $0.process }) else { throw ContactFailure("nobody listens") }
        guard let ready = process.program.readyAfter, clock.sinceBoot() >= process.started + ready else {
            throw ContactFailure("nobody answers")
        }
        return process
    }

    /// Ends the process if its time is over.
    private func settle() {
        let now = clock.sinceBoot()
        let ended = state.withLock { state -> SimProgram? in
            guard let process = state.process else { return nil }
            let isOver = process.program.exitsAtOnce || process.program.diesAfter.map { now >= process.started + $0 } ?? false
            guard isOver else { return nil }
            state.process = nil
            state.last = "exit 3"
            return process.program
        }
        if let ended { happened(.ended(ended)) }
    }
}
