import Logging
import Synchronization
import UpgradeAgent
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// One machine of the fleet: its disk, its clocks, its way to the hub, and what runs on it.
final class FleetNode: Sendable {
    struct State {
        var tree: SimFileTree
        var root: SimFileTree
        var locks = SimLocks()
        var isPowered = true
        /// Power cuts so far.
        var cuts = 0
    }

    let name: String
    let group: NodeGroup
    /// Its high-availability group.
    let haGroup: String?
    let timeline: Timeline
    let clock: NodeClock
    let hub: FleetHub
    let transfer: FleetTransfer
    let stores: SimStoreOpener
    let randomness: SimRandomness
    let doom = Doom()
    let troubles = NodeTroubles()
    let watcher: any FleetWatcher
    let log: Logger
    /// How a version behaves here.
    let behaviour: @Sendable (_ version: String) -> Build.Sickness?
    /// Configurations and certificates that are wrong.
    let wrongFiles: Set<ComponentVersion>
    let state: Mutex<State>
    let supervision = Mutex(Supervision())

    init(_ birth: NodeBirth) {
        let clock = NodeClock(timeline: birth.timeline, beginning: birth.hub.time(at: .zero))
        (name, group, timeline, hub) = (birth.name, birth.group, birth.timeline, birth.hub)
        haGroup = birth.haGroup
        (watcher, log, behaviour, wrongFiles) = (birth.watcher, birth.log, birth.behaviour, birth.wrongFiles)
        self.clock = clock
        stores = SimStoreOpener(birth.databases)
        randomness = SimRandomness(seed: birth.seed)
        let box = PartitionBox()
        partition = box
        let troubles = troubles
        transfer = FleetTransfer(
            hub: birth.hub,
            world: LinkWorld(
                link: birth.group.link, now: { clock.elapsed }, isCut: { box.isCut }, trouble: { troubles.download },
                isUntrusted: { troubles.has(.hubUntrusted) },
                bites: { birth.watcher.bites(birth.name, $0) }))
        state = Mutex(State(tree: SimFileTree(birth.disk), root: SimFileTree(birth.root)))
        guardTree()
    }

    let partition: PartitionBox

    var tree: SimFileTree { state.withLock { $0.tree } }
    var root: SimFileTree { state.withLock { $0.root } }
    var locks: SimLocks { state.withLock { $0.locks } }
    var boot: BootPath { BootPath(tree: tree, stateFolder: "/" + Layout.stateFolder) }

    /// The way to the hub, there and back. Errors: the call is lost, or the process is dead.
    func cross(_ subject: String) throws(TransferFailure) {
        if doom.hasStruck { throw TransferFailure(.cut, subject: subject, explanation: "the simulated process was killed") }
        let isLost = happens(group.link.loss)
        guard !partition.isCut, !isLost else {
            if partition.isCut { bites("no call gets through") }
            clock.took(.seconds(30))
            throw TransferFailure(.timeout, subject: subject, explanation: "no answer for 30 s")
        }
        clock.took(group.link.latency)
        if troubles.has(.hubUntrusted) {
            bites("the hub is not believed")
            throw TransferFailure(.untrustedServer, subject: subject, explanation: "the certificate of the hub has expired")
        }
    }

    /// One piece of work of a process; nil when the process did not survive it.
    func live<Value>(_ process: NodeProcess, _ body: () -> Value) -> Value? {
        guard process.isAlive else { return nil }
        let value = body()
        guard let end = doom.take() else { return value }
        switch end {
        case .kill: killAll()
        case .powerCut(let back): cutPower(back: back)
        }
        return nil
    }

    /// Every operation on the disk asks whether the process that does it still lives.
    func guardTree() {
        let (doom, troubles, watcher, name) = (doom, troubles, watcher, name)
        tree.setFault { mutation in
            guard doom.allows() else { return .other }
            guard let fault = troubles.operation() else { return nil }
            watcher.bites(name, "\(mutation.operation) \(mutation.path) fails (\(fault.rawValue))")
            return fault
        }
    }

    /// A fault has an effect here.
    func bites(_ fault: String) { watcher.bites(name, fault) }

    /// True with this likelihood; drawn only where there is a choice.
    func happens(_ chance: Double) -> Bool {
        chance > 0 && (chance >= 1 || randomness.chance < chance)
    }
}

/// What a node is made of.
struct NodeBirth {
    let name: String
    let group: NodeGroup
    let haGroup: String?
    let seed: UInt64
    let timeline: Timeline
    let hub: FleetHub
    let disk: SimDisk
    let root: SimDisk
    let databases: [TreePath: SimDatabase.Image]
    let watcher: any FleetWatcher
    let log: Logger
    let behaviour: @Sendable (_ version: String) -> Build.Sickness?
    let wrongFiles: Set<ComponentVersion>
}

/// How many reasons there are why nothing passes the link.
final class PartitionBox: Sendable {
    private let reasons = Mutex(0)

    var isCut: Bool { reasons.withLock { $0 > 0 } }

    func cut(_ isSo: Bool) { reasons.withLock { $0 += isSo ? 1 : -1 } }
}

/// Told what happens on nodes, in order.
protocol FleetWatcher: Sendable {
    func note(_ node: FleetNode, _ what: String)
    /// A fault of the scenario has had an effect on the node of this name.
    func bites(_ node: String, _ fault: String)
    /// A word is committed.
    func owes(_ node: FleetNode, _ policy: PolicyID, _ report: StatusReport)
    /// The agent that people rely on is there, or not.
    func isUp(_ node: FleetNode, _ isUp: Bool)
    /// An agent starts from this release.
    func starts(_ node: FleetNode, release: Int)
}
