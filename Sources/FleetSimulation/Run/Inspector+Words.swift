import Synchronization
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation
import UpgradeWire

/// What a node says, and whether it is true.
extension Inspector {
    /// Time that a start may be late, for polls, pauses and the look at the clock once a minute.
    private static let lateMax: Duration = .seconds(900)

    /// A word is committed: from now on the node says so.
    func said(_ node: FleetNode, _ policy: PolicyID, _ report: StatusReport, after last: Status?, _ before: SimMemory) {
        let reason = report.reason.isEmpty ? "" : ": \(report.reason)"
        trace.note(node.clock.elapsed, node.name, "\(policy.name) \(StatusWord.word(report.status))\(reason)")
        chronicler.says(node.name, policy.name, report)
        if !WordOrder.allows(report.status, after: last) {
            violated(node, "\(policy.name) becomes \(StatusWord.word(report.status)) after \(last.map(StatusWord.word) ?? "nothing")")
        }
        learn(node.name) { truth in
            truth.words[policy] = report.status
            if report.status == .waiting, truth.insisting[policy] != nil { truth.insisting[policy] = true }
            // The end of an attempt that was under way before is not that of the one that was asked for.
            if report.status.isFinal, truth.insisting[policy] == true { truth.insisting[policy] = nil }
        }
        let (facts, now) = (report.facts, node.clock.elapsed)
        switch report.status {
        case .waiting:
            isBusy(node)
            scheduled(node, policy, facts, before)
        case .downloadStarted: if last == .waiting { begun(node, policy, facts) }
        case .downloaded: fetched(node, facts.versions)
        case .initiated: learn(node.name) { ($0.handedOver, $0.trying) = (now, policy) }
        case .successful: successful(node, facts.versions)
        case .failed: failed(node, facts.versions)
        case .rollbackSuccessful: rolledBack(node, facts.versions[.software])
        case .noActionRequired, .precheckFailed, .downloadFailed: untouched(node, policy, report.status, facts.versions)
        case .rollbackStarted, .rollbackFailed, .unknown, .reset, .haNodeWaiting: break
        }
    }

    /// What is asked was published, and the start is drawn from its window.
    private func scheduled(_ node: FleetNode, _ policy: PolicyID, _ facts: JobFacts, _ before: SimMemory) {
        // A reset keeps the appointment.
        guard before.jobs[policy]?.facts?.scheduled != facts.scheduled else { return }
        let known = state.withLock { $0.terms[policy] ?? [] }
        let now = node.clock.now()
        let isRight = known.contains { published in
            guard published.start == facts.terms.start, published.startWindowSeconds == facts.terms.startWindow else { return false }
            guard let start = try? ScheduleRule.start(published.start, now: now, lastUpdated: nil) else { return false }
            let late = facts.scheduled.duration(since: start)
            return late >= .seconds(-1) && late <= .seconds(Int64(published.startWindowSeconds) + 1)
        }
        if !isRight { violated(node, "\(policy.name) is scheduled for \(facts.scheduled.rfc3339()), outside of its window") }
    }

    private func begun(_ node: FleetNode, _ policy: PolicyID, _ facts: JobFacts) {
        let now = node.clock.elapsed
        learn(node.name) { $0.begun = now }
        let late = node.clock.now().duration(since: facts.scheduled)
        if late < .zero { return violated(node, "\(policy.name) begins \(Unit.time(.zero - late)) before its time") }
        let waited = min(late, node.clock.elapsed - truth(of: node.name).free)
        if waited > Inspector.lateMax { violated(node, "\(policy.name) begins \(Unit.time(waited)) late") }
    }

    private func fetched(_ node: FleetNode, _ versions: [Component: String]) {
        for (component, version, damage) in damages(versions) where damage != .replayed {
            violated(node, "believes the \(component.rawValue) \(version), which is \(damage.rawValue) at the hub")
        }
    }

    /// What of this is not at the hub as it should be. A package of another version that is well signed shows when it is unpacked.
    private func damages(_ versions: [Component: String]) -> [(Component, String, Build.Damage)] {
        Component.allCases.compactMap { component in
            guard let version = versions[component] else { return nil }
            let damage =
                component == .software
                ? offered(version).damage
                : scenario.files.first { $0.component == component && $0.version == version }?.damage
            return damage.map { (component, version, $0) }
        }
    }

    /// All of it runs, and what is sick or wrong was not believed.
    private func successful(_ node: FleetNode, _ versions: [Component: String]) {
        for component in Component.allCases {
            guard let target = versions[component] else { continue }
            let found = node.version(of: component)
            guard node.isAtRest, found == target else {
                violated(node, "says successful for \(component.rawValue) \(target), but has \(found ?? "nothing")")
                continue
            }
            if node.wrongFiles.contains(ComponentVersion(component: component, version: target)) {
                violated(node, "says successful for \(component.rawValue) \(target), which is wrong")
            }
        }
        guard let target = versions[.software] else { return }
        let truth = truth(of: node.name)
        switch node.behaviour(target) {
        // A probe counts only where it is known to have passed before.
        case nil, .diesLater, .breaksProbe: learn(node.name) { $0.rolledBack.remove(target) }
        // A hub that is away decides nothing: then software alone is kept on the local proofs.
        case .deaf where node.isHubAway || truth.unheard >= truth.handedOver: break
        case let sickness?: violated(node, "says successful for \(target), which is \(sickness.rawValue) here")
        }
    }

    /// What is well goes back only when something befell the machine. That the hub is away is nothing of the kind for software alone.
    private func failed(_ node: FleetNode, _ versions: [Component: String]) {
        let truth = truth(of: node.name)
        let isWell =
            versions[.software].flatMap { node.behaviour($0) } == nil
            && !versions.contains { node.wrongFiles.contains(ComponentVersion(component: $0.key, version: $0.value)) }
        // A hub that is only hard to reach keeps nothing from its way unless it was not reached.
        let isHardToReach = node.group.link.loss > 0 || scenario.hub.requestsPerSecond > 0
        let needsHub = versions[.configuration] != nil || versions[.certificate] != nil
        let isExcused =
            truth.isFull || truth.disturbed >= truth.handedOver
            || (needsHub || isHardToReach) && (node.isHubAway || truth.unheard >= truth.handedOver)
        if isWell, !isExcused {
            violated(node, "\(versions.text) is well here and goes back, though nothing befell the machine")
        }
    }

    private func rolledBack(_ node: FleetNode, _ target: String?) {
        if let target {
            learn(node.name) { truth in
                // What a person said meanwhile counts from now on.
                if !truth.isReset, !truth.isForgiven { truth.rolledBack.insert(target) }
                truth.isForgiven = false
            }
        }
        let version = node.version(of: .software)
        if !node.isAtRest || target != nil && version == target {
            violated(node, "says rollback successful, but runs \(version ?? "nothing")")
        }
    }

    private func untouched(_ node: FleetNode, _ policy: PolicyID, _ word: Status, _ versions: [Component: String]) {
        if !node.isAtRest { violated(node, "\(policy.name) is \(StatusWord.word(word)) in the middle of a trial") }
        guard word == .downloadFailed, let target = versions[.software], offered(target).trap == nil, damages(versions).isEmpty
        else {
            return
        }
        let truth = truth(of: node.name)
        // A program that dies again and again fetches little.
        let isExcused =
            truth.isFull || node.isUnwell || max(truth.disturbed, truth.unheard, state.withLock { $0.outage }) >= truth.begun
        if !isExcused { violated(node, "gives up \(versions.text), which is whole, though nothing was in its way") }
    }
}

extension [Component: String] {
    /// For people, in an order.
    fileprivate var text: String { Component.allCases.compactMap { self[$0] }.joined(separator: ", ") }
}

extension FleetNode {
    /// Nobody could tell whether a program reaches it.
    fileprivate var isHubAway: Bool { hub.isAway || partition.isCut || troubles.has(.hubUntrusted) }
}
