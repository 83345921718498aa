import FleetSimulation

/// What a scenario may hold when it is run for real: true programs have one clock, one disk and little time.
enum RealLimits {
    /// Machines.
    static let nodesMax = 12
    /// What a disk may hold unless a scenario says otherwise.
    private static let anyDisk = NodeGroup(name: "", count: 0).diskBytes

    /// Errors: the first word of the scenario that cannot be done.
    static func check(_ scenario: Scenario) throws(LiveFailure) {
        let reasons =
            scenario.fleet.compactMap(reason) + [reason(scenario.hub)].compactMap { $0 } + scenario.builds.compactMap(reason)
            + scenario.steps.compactMap(reason) + scenario.faults.compactMap(reason) + scenario.expectations.compactMap(reason)
            + starts(scenario)
        if scenario.nodeCount > nodesMax {
            throw LiveFailure(.order, "\(scenario.name): \(scenario.nodeCount) nodes cannot be run for real, at most \(nodesMax) can")
        }
        if let first = reasons.first {
            throw LiveFailure(.order, "\(scenario.name): \(first); run it without --real, or without that word")
        }
    }

    private static func reason(_ group: NodeGroup) -> String? {
        if group.link.loss > 0 { return "'loss' cannot be done for real: which call is lost would be chance" }
        if group.clockSkew > .zero { return "'clock-skew' cannot be done for real: all programs have this machine's clock" }
        return group.diskBytes != anyDisk ? "'disk' cannot be done for real: all nodes share this machine's disk" : nil
    }

    private static func reason(_ hub: HubTraits) -> String? {
        hub.requestsPerSecond > 0 ? "'requests-per-second' cannot be done for real: waiting times are made short" : nil
    }

    private static func reason(_ build: Build) -> String? {
        if build.damage == .replayed { return "'replayed' cannot be done for real: the hub has no older edition of the package" }
        if build.trap != nil { return "'trap' cannot be done for real: real archives with traps are read in the tests of their own room" }
        if let sickness = build.sickness, [.commandHangs, .wrongVersion, .breaksProbe].contains(sickness) {
            return "'\(sickness.rawValue)' cannot be done for real: there is no true program that is sick in this way"
        }
        if build.sickness != nil, build.sickShare < 1 { return "'share' cannot be done for real: a true package is the same on all nodes" }
        if !build.sickOn.isEmpty { return "'sick-on' cannot be done for real: a true package is the same on all nodes" }
        return build.sickness == .diesLater ? "'dies later' cannot be done for real: that takes an hour" : nil
    }

    private static func reason(_ fault: Fault) -> String? {
        switch fault.kind {
        case .kill, .partition, .hubAnswers: nil
        case .powerCut: "'power-cut' cannot be done for real: the power of this machine stays on"
        case .killAtOperation: "'kill-at-operation' cannot be done for real: operations of a true program are not counted; 'kill' can"
        case .cutAtOperation: "'cut-at-operation' cannot be done for real: the power of this machine stays on"
        case .clockJump: "'clock-jump' cannot be done for real: all programs have this machine's clock"
        case .diskFull: "'disk-full' cannot be done for real: all nodes share this machine's disk"
        default: "this fault cannot be done for real: it is made inside of the simulated machine"
        }
    }

    private static func reason(_ expectation: FleetExpectation) -> String? {
        switch expectation {
        case .status, .version, .downInGroup: nil
        case .requestsPerSecond: "'requests-per-second' cannot be checked for real: waiting times are made short"
        case .bytes: "'bytes' cannot be checked for real: packages are small"
        case .file, .requests, .faults, .happened, .unwell: "only statuses, versions and groups can be checked for real"
        case .down: "'down' cannot be checked for real: windows are made short, so more nodes are upgraded at once"
        }
    }

    private static func reason(_ step: ScenarioStep) -> String? {
        switch step.deed {
        case .publish(let rollout):
            rollout.configuration.isEmpty && rollout.certificate.isEmpty ? nil : "only software can be published for real"
        case .disable, .remove, .reset: nil
        case .publishDocuments, .replace, .hold, .unhold, .unregister: "only publish, disable, remove and reset can be done for real"
        }
    }

    /// A start that others things come before cannot be moved to the publication.
    private static func starts(_ scenario: Scenario) -> [String] {
        scenario.steps.compactMap { step in
            guard case .publish(let rollout) = step.deed, let start = rollout.start else { return nil }
            let moments = scenario.steps.map(\.at) + scenario.faults.map(\.from)
            guard moments.contains(where: { $0 > step.at && $0 < start }) else { return nil }
            return "'start' of \(rollout.policy) cannot be done for real: something else comes between its publication and its start"
        }
    }
}
