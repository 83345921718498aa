import Synchronization
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Runs the one procedure of the active job on its own thread, step by step.
final class Worker: Sendable {
    /// A procedure with the run that its answer will carry. Unchecked: a stepper is handed over whole and then used by one thread alone.
    enum Procedure: @unchecked Sendable {
        case plan(RunID, Planning)
        case fetch(RunID, HookedFetch)
        case unpack(RunID, Unpacking?)
        case askTurn(RunID, TurnRequest)

        var run: RunID {
            switch self {
            case .plan(let run, _), .fetch(let run, _), .unpack(let run, _), .askTurn(let run, _): run
            }
        }
    }

    private struct Desk {
        var next: Procedure?
        var stopped: Set<RunID> = []
        var present: RunID?
        var closing = false
    }

    private let desk = Mutex(Desk())
    private let bell: any Bell
    private let transfer: any Transfer
    private let answer: @Sendable (JobEvent) -> Void

    /// - Parameter answer: takes what a procedure found; called on the worker's thread.
    init(threads: any Threads, transfer: any Transfer, answer: @escaping @Sendable (JobEvent) -> Void) {
        bell = threads.makeBell()
        self.transfer = transfer
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

    /// Ends the thread.
    func close() {
        desk.withLock {
            $0.closing = true
            if let present = $0.present { $0.stopped.insert(present) }
        }
        bell.ring()
    }

    /// The thread's body.
    func run() {
        while true {
            let next = desk.withLock { desk -> Procedure?? in
                if desk.closing { return .none }
                let next = desk.next
                desk.next = nil
                desk.present = next?.run
                return .some(next)
            }
            guard let next else { return }
            if let next { work(next) } else { bell.wait(atMost: nil) }
        }
    }

    private func work(_ procedure: Procedure) {
        switch procedure {
        case .plan(let run, var planning):
            let outcome = drive(run) { () throws(ProcedureFailure) in try planning.step() }
            switch outcome {
            case .success(.plan(let plan, let latest))?: answer(.planned(run, plan, latest: latest))
            case .success(.nothing(let reason, let versions, let latest))?:
                answer(.nothingToDo(run, reason: reason, versions: versions, latest: latest))
            case .failure(let failure)?: answer(.procedureFailed(run, failure))
            case nil: break
            }
        case .fetch(let run, var fetcher):
            let outcome = drive(run) { () throws(ProcedureFailure) in try fetcher.step() }
            if outcome == nil { fetcher.stop() }
            finish(run, outcome, .fetched(run))
        case .unpack(let run, .some(var unpacking)):
            finish(run, drive(run) { () throws(ProcedureFailure) in try unpacking.step() }, .unpacked(run))
        case .unpack(let run, nil):
            answer(.unpacked(run))
        case .askTurn(let run, var request):
            switch drive(run, { () throws(ProcedureFailure) in try request.step() }) {
            case .success(let group)?: answer(.turnGranted(run, group: group))
            case .failure(let failure)?: answer(.procedureFailed(run, failure))
            case nil: break
            }
        }
    }

    private func finish<Value>(_ run: RunID, _ outcome: Result<Value, ProcedureFailure>?, _ event: JobEvent) {
        switch outcome {
        case .success?: answer(event)
        case .failure(let failure)?: answer(.procedureFailed(run, failure))
        case nil: break
        }
    }

    /// nil when it was stopped.
    private func drive<Value>(
        _ run: RunID, _ step: () throws(ProcedureFailure) -> Step<Value>
    ) -> Result<Value, ProcedureFailure>? {
        while !desk.withLock({ $0.stopped.remove(run) != nil }) {
            do {
                switch try step() {
                case .again: break
                case .sleep(let time): bell.wait(atMost: time)
                case .await(let id): transfer.wait(id, atMost: .seconds(1))
                case .done(let value): return .success(value)
                }
            } catch {
                return .failure(error)
            }
        }
        return nil
    }
}
