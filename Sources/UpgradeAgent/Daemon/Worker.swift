import Synchronization
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Runs the one procedure of the active job on its own loop, step by step.
final class Worker: Sendable {
    /// A procedure with the run that its answer will carry. Unchecked: it is handed over whole and then used by one loop alone.
    final class Procedure: @unchecked Sendable {
        let run: RunID
        /// One bounded piece of work; done with what the machine is to hear.
        fileprivate let step: () throws(ProcedureFailure) -> Step<JobEvent>
        /// Ends whatever is under way outside.
        fileprivate let stop: () -> Void

        private init(_ run: RunID, step: @escaping () throws(ProcedureFailure) -> Step<JobEvent>, stop: @escaping () -> Void = {}) {
            (self.run, self.step, self.stop) = (run, step, stop)
        }
    }

    private struct Desk {
        var next: Procedure?
        var stopped: Set<RunID> = []
        var present: RunID?
        var closing = false
    }

    /// Rung to wake the loop.
    let bell: any Bell
    private let desk = Mutex(Desk())
    /// The loop's own.
    private let running = Mutex<Procedure?>(nil)
    private let answer: @Sendable (JobEvent) -> Void

    /// - Parameter answer: takes what a procedure found; called by the worker's loop.
    init(threads: any Threads, answer: @escaping @Sendable (JobEvent) -> Void) {
        bell = threads.makeBell()
        self.answer = answer
    }

    /// Begins a procedure; whatever still runs is stopped first.
    func begin(_ procedure: Procedure) {
        desk.withLock {
            if let present = $0.present { $0.stopped.insert(present) }
            $0.next = procedure
        }
        bell.ring()
    }

    /// Stops what runs or waits for this attempt; no answer follows.
    func stop(_ ticket: Ticket) {
        desk.withLock {
            if let present = $0.present, present.ticket == ticket { $0.stopped.insert(present) }
            if $0.next?.run.ticket == ticket { $0.next = nil }
        }
        bell.ring()
    }

    /// Ends the loop.
    func close() {
        desk.withLock {
            $0.closing = true
            if let present = $0.present { $0.stopped.insert(present) }
        }
        bell.ring()
    }

    /// One step of what is under way, or the first of what is next.
    func step() -> LoopStep {
        if let present = desk.withLock({ $0.present }), desk.withLock({ $0.stopped.remove(present) != nil }) { finish()?.stop() }
        guard !desk.withLock({ $0.closing }) else { return .over }
        guard let procedure = running.withLock({ $0 }) ?? takeNext() else { return .wait(atMost: nil) }
        running.withLock { $0 = procedure }
        do {
            switch try procedure.step() {
            case .again: return .again
            case .sleep(let time): return .wait(atMost: time)
            case .await(let id): return .await(id)
            case .done(let event): conclude(event)
            }
        } catch {
            conclude(.procedureFailed(procedure.run, error))
        }
        return .again
    }

    private func takeNext() -> Procedure? {
        desk.withLock { desk in
            desk.present = desk.next?.run
            return desk.next.take()
        }
    }

    /// What was under way, over.
    @discardableResult
    private func finish() -> Procedure? {
        desk.withLock { $0.present = nil }
        return running.withLock { $0.take() }
    }

    /// What was stopped meanwhile gives no answer.
    private func conclude(_ event: JobEvent) {
        let isStopped = desk.withLock { desk in desk.present.map { desk.stopped.remove($0) != nil } ?? true }
        finish()
        if !isStopped { answer(event) }
    }
}

extension Worker.Procedure {
    static func plan(_ run: RunID, _ planning: Planning) -> Worker.Procedure {
        var planning = planning
        return Worker.Procedure(run, step: { () throws(ProcedureFailure) in try planning.step().map { $0.event(run) } })
    }

    static func fetch(_ run: RunID, _ fetch: HookedFetch) -> Worker.Procedure {
        var fetch = fetch
        return Worker.Procedure(
            run, step: { () throws(ProcedureFailure) in try fetch.step().map { .fetched(run) } }, stop: { fetch.stop() })
    }

    /// - Parameter unpacking: nil where there is nothing to unpack.
    static func unpack(_ run: RunID, _ unpacking: Unpacking?) -> Worker.Procedure {
        guard var unpacking else { return Worker.Procedure(run, step: { () throws(ProcedureFailure) in .done(.unpacked(run)) }) }
        return Worker.Procedure(run, step: { () throws(ProcedureFailure) in try unpacking.step().map { .unpacked(run) } })
    }

    static func askTurn(_ run: RunID, _ request: TurnRequest) -> Worker.Procedure {
        var request = request
        return Worker.Procedure(
            run, step: { () throws(ProcedureFailure) in try request.step().map { .turnGranted(run, group: $0) } })
    }
}

extension Planner.Outcome {
    fileprivate func event(_ run: RunID) -> JobEvent {
        switch self {
        case .plan(let plan, let latest): .planned(run, plan, latest: latest)
        case .nothing(let reason, let versions, let latest): .nothingToDo(run, reason: reason, versions: versions, latest: latest)
        }
    }
}
