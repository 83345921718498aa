import Synchronization
import UpgradeAgent
import UpgradePorts

/// Runs one loop of an agent from the timeline, as a thread would: one step at a time, and none after the process has ended.
final class LoopDriver: Sendable {
    private struct State {
        var isWaiting = false
        var isRung = false
        /// Wake-ups of an earlier wait count for nothing.
        var turn = 0
    }

    /// What a step costs that has more to do: time must pass, or nothing could come between.
    private static let pieceTime: Duration = .milliseconds(1)

    private let node: FleetNode
    private let process: NodeProcess
    private let isHung: @Sendable () -> Bool
    private let loop: AgentLoop
    private let state = Mutex(State())

    init(_ loop: AgentLoop, of agent: RunningAgent, on node: FleetNode) {
        self.loop = loop
        process = agent.process
        isHung = { [weak agent] in agent?.isHung ?? true }
        self.node = node
    }

    /// The first step follows at this instant.
    func start(at instant: Duration) {
        (loop.bell as? SimBell)?.listen { [weak self] in self?.rung() }
        schedule(at: instant)
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
        // A wait may be for hours, and its process gone meanwhile: it keeps nobody in memory.
        node.timeline.at(instant) { [weak self] in self?.due(turn) }
    }

    private func due(_ turn: Int) {
        guard process.isAlive, !isHung(), state.withLock({ $0.turn }) == turn else { return }
        // A machine does one thing at a time here: what comes while a call is under way comes after it.
        let free = node.clock.elapsed
        if free > node.timeline.now { return schedule(at: free) }
        step()
    }

    private func step() {
        state.withLock { $0.isRung = false }
        let next = node.live(process) { loop.step() }
        guard let next, process.isAlive else { return }
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
        if let time { schedule(at: now + time) }
        state.withLock { $0.isWaiting = true }
    }
}
