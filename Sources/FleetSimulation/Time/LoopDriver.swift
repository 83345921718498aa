import Synchronization
import UpgradeAgent
import UpgradePorts

/// Runs one loop of an agent from the timeline, as a thread would: one step at a time, and none after the process has ended.
final class LoopDriver: Sendable {
    private struct State {
        /// Nil once the agent is gone: a wait may be for hours, and keeps nothing of it in memory.
        var step: (@Sendable () -> LoopStep)?
        var isWaiting = false
        var isRung = false
        /// Wake-ups of an earlier wait count for nothing.
        var turn = 0
    }

    /// What a step costs that has more to do: time must pass, or nothing could come between.
    private static let pieceTime: Duration = .milliseconds(1)

    private let node: FleetNode
    private let process: NodeProcess
    private let bell: any Bell
    private let state: Mutex<State>

    init(_ loop: AgentLoop, of process: NodeProcess, on node: FleetNode) {
        bell = loop.bell
        state = Mutex(State(step: loop.step))
        self.process = process
        self.node = node
    }

    /// The first step follows at this instant.
    func start(at instant: Duration) {
        (bell as? SimBell)?.listen { [self] in rung() }
        schedule(at: instant)
    }

    /// Nothing follows any more.
    func forget() {
        state.withLock { $0.step = nil }
        (bell as? SimBell)?.listen(nil)
    }

    private func rung() {
        let isWaiting = state.withLock { state in
            state.isRung = true
            return state.isWaiting
        }
        if isWaiting { schedule(at: node.clock.elapsed) }
    }

    private func schedule(at instant: Duration) {
        let turn = state.withLock { state in
            state.turn += 1
            state.isWaiting = false
            return state.turn
        }
        node.timeline.at(instant, self, turn: turn)
    }

    /// The moment has come that was asked for in this turn.
    func due(_ turn: Int) {
        guard process.isAtWork, state.withLock({ $0.turn }) == turn else { return }
        // A machine does one thing at a time here: what comes while a call is under way comes after it.
        let free = node.clock.elapsed
        if free > node.timeline.now { return schedule(at: free) }
        step()
    }

    private func step() {
        let step = state.withLock { state in
            state.isRung = false
            return state.step
        }
        guard let step, let next = node.live(process, step), process.isAlive else { return }
        let now = node.clock.elapsed
        switch next {
        case .again: schedule(at: now + LoopDriver.pieceTime)
        case .await(let id):
            schedule(at: max(now + LoopDriver.pieceTime, node.workshop.transferPause.map { now + $0 } ?? node.transfer.ready(id)))
        case .wait(let time): wait(time, from: now)
        case .over: break
        }
    }

    private func wait(_ time: Duration?, from now: Duration) {
        if state.withLock({ $0.isRung }) { return schedule(at: now + LoopDriver.pieceTime) }
        if let time { schedule(at: now + max(time, LoopDriver.pieceTime)) }
        state.withLock { $0.isWaiting = true }
    }
}
