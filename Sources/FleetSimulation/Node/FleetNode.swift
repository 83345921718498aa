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
    /// At the hub.
    let number: Int
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
    /// To the hub, in the present ten minutes.
    let requests = Mutex(Tally())
    let log: Logger
    let workshop: NodeWorkshop
    /// How a version behaves here.
    let behaviour: @Sendable (_ version: String) -> Build.Sickness?
    /// Configurations and certificates that are wrong.
    let wrongFiles: Set<ComponentVersion>
    let state: Mutex<State>
    let supervision = Mutex(Supervision())

    init(_ birth: NodeBirth) {
        let clock = NodeClock(timeline: birth.timeline, beginning: birth.hub.time(at: .zero))
        (name, group, timeline, hub) = (birth.name, birth.group, birth.timeline, birth.hub)
        (number, haGroup) = (birth.number, birth.haGroup)
        (watcher, log, workshop) = (birth.watcher, birth.log, birth.workshop)
        (behaviour, wrongFiles) = (birth.behaviour, birth.wrongFiles)
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
                bites: { birth.watcher.bites(birth.name, download: $0) },
                unheard: { birth.watcher.unheard(download: birth.name) }))
        state = Mutex(State(tree: SimFileTree(birth.disk), root: SimFileTree(birth.root)))
        guardTree()
    }

    let partition: PartitionBox

    var tree: SimFileTree { state.withLock { $0.tree } }
    var root: SimFileTree { state.withLock { $0.root } }
    var locks: SimLocks { state.withLock { $0.locks } }
    var boot: BootPath { BootPath(tree: tree, stateFolder: "/" + Layout.stateFolder) }
    /// What the database of the running agent holds.
    var memory: SimMemory? {
        supervision.withLock { $0.agent }.flatMap { stores.database(Layout.database($0.release))?.image.memory }
    }

    /// The way to the hub, there and back. Errors: the call is lost, or the process is dead.
    func cross(_ subject: String, isProbe: Bool) throws(TransferFailure) {
        if doom.hasStruck { throw TransferFailure(.cut, subject: subject, explanation: "the simulated process was killed") }
        watcher.asked(self, isProbe: isProbe)
        let isLost = happens(group.link.loss)
        guard !partition.isCut, !isLost else {
            clock.took(.seconds(30))
            if partition.isCut { linkBites("no call gets through") } else { watcher.unheard(self) }
            throw TransferFailure(.timeout, subject: subject, explanation: "no answer for 30 s")
        }
        clock.took(group.link.latency)
        if troubles.has(.hubUntrusted) {
            linkBites("the hub is not believed")
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
        tree.setFault { [self] mutation in
            guard doom.allows() else { return .other }
            if let fault = troubles.operation() {
                bites("\(mutation.operation) \(mutation.path) fails (\(fault.rawValue))")
                return fault
            }
            if mutation.operation == "rename", mutation.path == Layout.recover { watcher.commits(self) }
            return nil
        }
    }

    /// The run is over: what holds each other lets go.
    func dissolve() {
        tree.setFault(nil)
        supervision.withLock { supervision in
            supervision.agent = nil
            supervision.installer = nil
        }
    }

    /// A fault has an effect here.
    func bites(_ fault: String) {
        watcher.disturbed(self)
        watcher.bites(name, fault)
    }

    /// The same on the way to the hub: nothing befalls the machine.
    func linkBites(_ fault: String) {
        watcher.unheard(self)
        watcher.bites(name, fault)
    }

    /// True with this likelihood; drawn only where there is a choice.
    func happens(_ chance: Double) -> Bool {
        chance > 0 && (chance >= 1 || randomness.chance < chance)
    }
}

/// What a node is made of.
struct NodeBirth {
    let name: String
    let number: Int
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
    let workshop: NodeWorkshop
    let behaviour: @Sendable (_ version: String) -> Build.Sickness?
    let wrongFiles: Set<ComponentVersion>
}

/// How many reasons there are why nothing passes the link.
final class PartitionBox: Sendable {
    private let reasons = Mutex(0)

    var isCut: Bool { reasons.withLock { $0 > 0 } }

    func cut(_ isSo: Bool) { reasons.withLock { $0 += isSo ? 1 : -1 } }
}
