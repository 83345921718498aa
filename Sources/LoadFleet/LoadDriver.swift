import FleetSimulation
import Synchronization
import UpgradePorts
import UpgradeSystem

/// Lets nodes do what is due, with a few threads: a node has at most one piece of work under way, those of different nodes run side by side.
final class LoadDriver: Sendable {
    /// Calls block: this many may be under way.
    static let workersMax = 64
    /// The longest look away from what is due.
    private static let glance: Duration = .milliseconds(5)
    /// Pieces of one node before others have their turn.
    private static let piecesMax = 16

    /// A thread that waits for work, or has it.
    private final class Worker: Sendable {
        let bell: any Bell
        let node = Mutex<LiveNode?>(nil)

        init(_ bell: any Bell) { self.bell = bell }
    }

    private struct State {
        var idle: [Worker] = []
        /// Due, and no thread is free.
        var waiting: [LiveNode] = []
        var running = 0
        var isOver = false
    }

    private let meter: LoadMeter
    /// When the next piece of each node is due that no thread has.
    private let agenda = Timeline()
    private let state = Mutex(State())
    private let threads = LiveThreads()
    private let ended: any Bell

    init(_ nodes: [LiveNode], _ meter: LoadMeter) {
        self.meter = meter
        ended = threads.makeBell()
        for node in nodes { plan(node) }
        for number in 0..<min(LoadDriver.workersMax, max(1, nodes.count)) {
            let worker = Worker(threads.makeBell())
            state.withLock { $0.running += 1 }
            threads.start("load-\(number)") { [self] in work(worker) }
        }
        state.withLock { $0.running += 1 }
        threads.start("load-agenda") { [self] in keepAgenda() }
    }

    /// Returns when no node does anything any more.
    func stop() {
        let idle = state.withLock { state in
            state.isOver = true
            return state.idle
        }
        for worker in idle { worker.bell.ring() }
        while state.withLock({ $0.running }) > 0 { ended.wait(atMost: .milliseconds(50)) }
    }

    private var isOver: Bool { state.withLock { $0.isOver } }

    private func plan(_ node: LiveNode) {
        if let next = node.next { agenda.at(next) { [self] in due(node) } }
    }

    private func keepAgenda() {
        let bell = threads.makeBell()
        while !isOver {
            if agenda.step(until: meter.now) { continue }
            bell.wait(atMost: min(LoadDriver.glance, agenda.next.map { max(.microseconds(100), $0 - meter.now) } ?? LoadDriver.glance))
        }
        leave()
    }

    private func due(_ node: LiveNode) {
        let worker = state.withLock { state -> Worker? in
            guard let worker = state.idle.popLast() else {
                state.waiting.append(node)
                return nil
            }
            worker.node.withLock { $0 = node }
            return worker
        }
        worker?.bell.ring()
    }

    private func work(_ worker: Worker) {
        while !isOver {
            guard let node = next(for: worker) else {
                worker.bell.wait(atMost: nil)
                continue
            }
            run(node)
            plan(node)
        }
        leave()
    }

    /// What was given to this thread; else who has waited longest; else the thread is idle, unless all is over.
    private func next(for worker: Worker) -> LiveNode? {
        state.withLock { state in
            if let node = worker.node.withLock({ $0.take() }) { return node }
            if !state.waiting.isEmpty { return state.waiting.removeFirst() }
            if state.isOver { worker.bell.ring() } else if !state.idle.contains(where: { $0 === worker }) { state.idle.append(worker) }
            return nil
        }
    }

    private func run(_ node: LiveNode) {
        if let due = node.next { meter.late(max(.zero, meter.now - due)) }
        for _ in 0..<LoadDriver.piecesMax where !isOver { if !node.step(until: meter.now) { return } }
    }

    private func leave() {
        state.withLock { $0.running -= 1 }
        ended.ring()
    }
}
