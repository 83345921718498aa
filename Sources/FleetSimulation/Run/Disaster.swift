import UpgradeModel
import UpgradeSimulation

extension Share {
    /// Whether a node is among them.
    func contains(_ node: FleetNode, chance: Double) -> Bool {
        switch self {
        case .part(let part): chance < part
        case .node(let name): node.name == name
        }
    }

    /// As `contains(_:chance:)`, drawn by the node's name.
    func contains(_ node: FleetNode) -> Bool { contains(node, chance: SimRandomness(seed: node.name.stableHash).chance) }
}

/// Puts the faults of a scenario on the timeline.
struct Disaster {
    let timeline: Timeline
    let hub: FleetHub
    let nodes: [FleetNode]
    let randomness: SimRandomness

    func plan(_ fault: Fault) {
        if case .hubAnswers(let status) = fault.kind {
            timeline.at(fault.from) { hub.answer(status, true) }
            return timeline.at(fault.until) { hub.answer(status, false) }
        }
        for node in nodes {
            // Drawn for each node, hit or not: who else is hit changes nothing for it.
            let (chance, moment) = (randomness.chance, randomness.chance)
            guard fault.who.contains(node, chance: chance) else { continue }
            plan(fault, node, at: fault.from + (fault.until - fault.from) * moment)
        }
    }

    private func plan(_ fault: Fault, _ node: FleetNode, at moment: Duration) {
        switch fault.kind {
        case .kill: timeline.at(moment) { node.killAll() }
        case .powerCut(let back): timeline.at(moment) { node.cutPower(back: back) }
        case .killAtOperation(let number): timeline.at(moment) { node.doom.set(.kill, atOperation: number) }
        case .cutAtOperation(let number): timeline.at(moment) { node.doom.set(.powerCut(back: .seconds(60)), atOperation: number) }
        case .partition:
            timeline.at(fault.from) { node.partition.cut(true) }
            timeline.at(fault.until) { node.partition.cut(false) }
        case .hubAnswers: break
        case .clockJump(let time): timeline.at(moment) { node.clock.jump(by: time) }
        case .diskFull(let free):
            timeline.at(fault.from) { node.limitDisk(free: free) }
            timeline.at(fault.until) { node.limitDisk(free: nil) }
        }
    }
}

extension FleetNode {
    /// From now on so many bytes are free; nil = as many as at the beginning.
    func limitDisk(free: Int64?) {
        let disk = tree.disk
        tree.setCapacity(free.map { disk.used + $0 } ?? max(group.diskBytes, disk.used))
    }
}
