import UpgradeModel
import UpgradePorts
import UpgradeSimulation

extension Share {
    /// Whether a node is among them.
    package func contains(_ node: String, chance: Double) -> Bool {
        switch self {
        case .part(let part): chance < part
        case .node(let name): node == name
        }
    }

    /// As `contains(_:chance:)`, drawn by the node's name.
    package func contains(_ node: String) -> Bool { contains(node, chance: SimRandomness(seed: node.stableHash).chance) }
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
            guard fault.who.contains(node.name, chance: chance) else { continue }
            plan(fault, node, at: fault.from + (fault.until - fault.from) * moment)
        }
    }

    private func plan(_ fault: Fault, _ node: FleetNode, at moment: Duration) {
        switch fault.kind {
        case .kill, .killAtOperation, .killInstaller, .agentHangs, .noAgentStarts, .powerCut, .cutAtOperation, .powerCycles:
            end(fault, node, at: moment)
        case .diskFull, .diskError, .noSpace, .commitFails, .commitUncertain, .readOnlyDatabase, .wayBackLost, .databaseLost,
            .databaseDamaged:
            spoil(fault, node, at: moment)
        case .clockJump(let time): timeline.at(moment) { node.setClock(by: time) }
        case .clockWrong(let time): during(fault) { node.setClock(by: $0 ? time : .zero - time) }
        case .partition: during(fault) { node.partition.cut($0) }
        case .hubUntrusted: during(fault) { node.troubles.set(.hubUntrusted, $0) }
        case .lostAnswers(let chance): during(fault) { node.troubles.set(.lostAnswers(chance), $0) }
        case .repeatedCalls(let chance): during(fault) { node.troubles.set(.repeatedCalls(chance), $0) }
        case .download(let trouble): during(fault) { node.troubles.set(.download(trouble), $0) }
        case .hubAnswers: break
        }
    }

    /// Processes and power.
    private func end(_ fault: Fault, _ node: FleetNode, at moment: Duration) {
        switch fault.kind {
        case .kill: timeline.at(moment) { node.killAll() }
        case .killAtOperation(let number): timeline.at(moment) { node.doom.set(.kill, atOperation: number) }
        case .killInstaller(let time): during(fault) { node.killInstallers(after: time, $0) }
        case .agentHangs: timeline.at(moment) { node.hangAgent() }
        case .noAgentStarts: during(fault) { node.troubles.set(.noAgentStarts, $0) }
        case .powerCut(let back): timeline.at(moment) { node.cutPower(back: back) }
        case .cutAtOperation(let number): timeline.at(moment) { node.doom.set(.powerCut(back: .seconds(60)), atOperation: number) }
        case .powerCycles(let times, let apart): timeline.at(moment) { node.cyclePower(times, apart: apart) }
        default: break
        }
    }

    /// Disk and database.
    private func spoil(_ fault: Fault, _ node: FleetNode, at moment: Duration) {
        switch fault.kind {
        case .diskFull(let free): during(fault) { node.limitDisk(free: free, $0) }
        case .diskError(let number): timeline.at(moment) { node.troubles.failOperation(number, .other) }
        case .noSpace(let number): timeline.at(moment) { node.troubles.failOperation(number, .noSpace) }
        case .commitFails(let number): timeline.at(moment) { node.troubles.failCommit(number, .before) }
        case .commitUncertain(let number): timeline.at(moment) { node.troubles.failCommit(number, .after) }
        case .readOnlyDatabase(let number): during(fault) { node.troubles.limitCommits(to: number, $0) }
        case .wayBackLost: timeline.at(moment) { node.loseWayBack() }
        case .databaseLost: timeline.at(moment) { node.spoilDatabase(isLost: true) }
        case .databaseDamaged: timeline.at(moment) { node.spoilDatabase(isLost: false) }
        default: break
        }
    }

    private func during(_ fault: Fault, _ set: @escaping @Sendable (_ isSo: Bool) -> Void) {
        timeline.at(fault.from) { set(true) }
        timeline.at(fault.until) { set(false) }
    }
}

extension FleetNode {
    /// From now on, or no more, only so many bytes are free; of several such limits the tightest holds.
    func limitDisk(free: Int64, _ isSo: Bool) {
        let used = tree.disk.used
        let capacity = troubles.limitDisk(free: free, to: used + free, isSo)
        watcher.isFull(self, capacity != nil)
        if isSo { bites("\(free) bytes are free") }
        tree.setCapacity(capacity ?? max(group.diskBytes, used))
    }

    /// Somebody sets the wall clock; what was not due may be now.
    func setClock(by time: Duration) {
        bites("the clock is set by \(Unit.time(time))")
        clock.jump(by: time)
    }
}
