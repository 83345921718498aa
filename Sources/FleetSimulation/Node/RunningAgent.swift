import Synchronization
import UpgradeAgent
import UpgradeModel
import UpgradePorts

/// The agent of a release as a process of its node: the real one, its loops driven by the timeline.
final class RunningAgent: Sendable {
    /// From the start to the first answer.
    private static let startTime: Duration = .milliseconds(300)

    let process: NodeProcess
    let release: Int
    private let node: FleetNode
    private let sickness: Build.Sickness?
    private let began: Duration
    private let daemon = Mutex<AgentDaemon?>(nil)
    private let drivers = Mutex<[LoopDriver]>([])

    init(_ node: FleetNode, _ process: NodeProcess, release: Int, sickness: Build.Sickness?) {
        self.node = node
        self.process = process
        self.release = release
        self.sickness = sickness
        began = node.clock.elapsed
    }

    deinit { drivers.withLock { for driver in $0 { driver.forget() } } }

    /// Nil until it answers.
    var handler: (any LocalAPIHandler)? { isHung ? nil : daemon.withLock { $0?.handler } }

    /// It does nothing any more, and is there.
    var isHung: Bool { process.isHung }

    func hang() { process.hang() }

    func start() {
        switch sickness {
        case .exits: end(after: .milliseconds(50), "exit 3")
        case .dies: end(after: .milliseconds(400), "signal 11")
        case .diesLater: end(after: node.hasProvenItself(release) ? .seconds(5) : .seconds(3600), "signal 11")
        case .hangs: return
        case nil, .unhealthy, .commandHangs, .deaf, .cannotStart, .wrongVersion, .breaksProbe: break
        }
        node.timeline.at(began + RunningAgent.startTime) { [self] in _ = node.live(process) { open() } }
    }

    private func end(after time: Duration, _ how: String) {
        node.timeline.at(began + time) { [self] in node.agentEnded(process, how, after: node.clock.elapsed - began) }
    }

    private func open() {
        do {
            let daemon = try AgentDaemon(ports: node.agentPorts(process, isDeaf: sickness == .deaf), release: release)
            guard !node.doom.hasStruck else { return }
            self.daemon.withLock { $0 = daemon }
            try writePort()
            node.watcher.isUp(node, true)
            let drivers = daemon.loops.map { LoopDriver($0, of: process, on: node) }
            for driver in drivers { driver.start(at: node.clock.elapsed) }
            self.drivers.withLock { $0 = drivers }
        } catch {
            node.watcher.note(node, "agent does not start: \(error)")
            node.agentEnded(process, "exit 1", after: node.clock.elapsed - began)
        }
    }

    private func writePort() throws {
        guard let path = TreePath("\(Layout.runFolder)/\(Layout.portFile)") else { return }
        try node.root.replace(path, with: Array("8510\n".utf8))
    }

    /// As after SIGTERM: asked to end, and gone.
    func stop() {
        daemon.withLock { $0 }?.stop()
        process.end()
    }
}

extension FleetNode {
    /// The release has run before in this life of the fleet: what is sick in it shows at once.
    func hasProvenItself(_ release: Int) -> Bool { (try? tree.release(at: Layout.recover)) == release && (try? boot.openJob()) == nil }
}
