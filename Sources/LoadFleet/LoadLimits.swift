import FleetSimulation
import UpgradeModel
import UpgradeWire

/// What a scenario may hold when it drives a true hub: nothing that a person or a program does to the hub or to a machine from outside.
enum LoadLimits {
    /// Bytes of one package: it is held in memory.
    static let packageBytesMax: Int64 = 512 << 20
    /// Machines.
    static let nodesMax = 100_000

    /// Errors: the first word of the scenario that cannot be done or measured.
    static func check(_ scenario: Scenario) throws(LiveFailure) {
        let reasons =
            scenario.fleet.compactMap(reason) + [reason(scenario.hub)].compactMap { $0 } + scenario.builds.compactMap(reason)
            + scenario.steps.compactMap(reason) + scenario.faults.prefix(1).map { _ in "'faults' cannot be made at a true hub" }
            + scenario.expectations.compactMap(reason)
        if scenario.nodeCount > nodesMax {
            throw LiveFailure(.order, "\(scenario.name): \(scenario.nodeCount) nodes are too many for one program, at most \(nodesMax)")
        }
        if scenario.published.isEmpty && !scenario.steps.isEmpty {
            throw LiveFailure(.order, "\(scenario.name): no step publishes anything; publish a policy, or leave 'steps' out")
        }
        if let first = reasons.first {
            throw LiveFailure(.order, "\(scenario.name): \(first); run it without --against, or without that word")
        }
    }

    private static func reason(_ group: NodeGroup) -> String? {
        group.link.loss > 0 ? "'loss' cannot be made on the way to a true hub: the network is the one that is there" : nil
    }

    private static func reason(_ hub: HubTraits) -> String? {
        hub.requestsPerSecond > 0 ? "'requests-per-second' of the hub cannot be set: a true hub bears what it bears" : nil
    }

    private static func reason(_ build: Build) -> String? {
        build.size > packageBytesMax ? "'size' of \(build.version) is above \(packageBytesMax) bytes, which is the most here" : nil
    }

    private static func reason(_ step: ScenarioStep) -> String? {
        switch step.deed {
        case .publish(let rollout):
            rollout.configuration.isEmpty && rollout.certificate.isEmpty
                ? nil : "'configuration' and 'certificate' cannot be tried: they would lead the nodes to another hub"
        case .publishDocuments(let documents): reason(documents)
        case .disable, .remove, .reset: nil
        case .replace: "'replace' cannot be done: nodes of a true hub would be told other bytes than were measured"
        case .hold, .unhold, .unregister: "'hold', 'unhold' and 'unregister' are asked of nodes, not of the hub"
        }
    }

    private static func reason(_ documents: RolloutDocuments) -> String? {
        if let patterns = documents.policy.patterns, !patterns.isEmpty { return "'patterns' in the policy's file: these nodes have none" }
        if let start = documents.policy.start, start != "now" {
            return "'start' in the policy's file is a day on the calendar, and real time is now: write \"now\""
        }
        let parts = [documents.manifest.configurationUpgrade, documents.manifest.certificateUpgrade]
        return parts.allSatisfy(\.version.isEmpty) ? nil : "only 'softwareUpgrade' of the manifest's file can be tried"
    }

    private static func reason(_ expectation: FleetExpectation) -> String? {
        switch expectation {
        case .status, .version, .requestsPerSecond, .requests, .bytes: nil
        case .file(let component, _, _, _): "'\(component.rawValue)' cannot be measured: only software is published"
        case .down: "'down' cannot be measured: only the simulator sees all machines at one instant"
        case .downInGroup: "'down-in-group' cannot be measured: only the simulator sees all machines at one instant"
        case .faults: "'faults' cannot be measured: there are none"
        case .unwell: "'unwell' cannot be measured: no build is sick"
        case .happened: "'happened' cannot be measured: no trace is kept"
        }
    }
}
