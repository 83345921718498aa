import FleetSimulation
import Testing
import UpgradeModel

/// Configurations and certificates, alone and with software.
@Suite struct ComponentTests {
    private func scenario(_ rollout: Rollout, wrong: [HubFile] = []) -> Scenario {
        var scenario = Scenario(name: "components")
        scenario.fleet = [NodeGroup(name: "edge", count: 4)]
        scenario.files = wrong
        scenario.steps = [ScenarioStep(at: .seconds(600), .publish(rollout))]
        return scenario
    }

    private func rollout(software: String = "", configuration: String = "", certificate: String = "") -> Rollout {
        var rollout = Rollout(policy: "p", software: software)
        (rollout.configuration, rollout.certificate) = (configuration, certificate)
        return rollout
    }

    @Test(arguments: [("", "2.0.0", ""), ("", "", "3.0.0"), ("1.1.0", "2.0.0", "3.0.0"), ("1.1.0", "2.0.0", "")])
    func everyCombinationArrives(software: String, configuration: String, certificate: String) throws {
        var scenario = scenario(rollout(software: software, configuration: configuration, certificate: certificate))
        scenario.expectations = [
            .status(policy: "p", .successful, atLeast: 1, atMost: 1, by: .seconds(3600)), .runs(software.isEmpty ? "1.0.0" : software),
        ]
        if !configuration.isEmpty { scenario.expectations.append(.file(.configuration, version: configuration, atLeast: 1, atMost: 1)) }
        if !certificate.isEmpty { scenario.expectations.append(.file(.certificate, version: certificate, atLeast: 1, atMost: 1)) }
        try Fleets.check(scenario)
    }

    /// Also together with good software: part of an upgrade is no upgrade.
    @Test(arguments: [Component.configuration, .certificate], ["", "1.1.0"])
    func aWrongOneIsRolledBack(_ component: Component, software: String) throws {
        var wrong = HubFile(component, version: "2.0.0")
        wrong.isWrong = true
        var scenario = scenario(
            rollout(
                software: software, configuration: component == .configuration ? "2.0.0" : "",
                certificate: component == .certificate ? "2.0.0" : ""), wrong: [wrong])
        scenario.expectations = [
            .status(policy: "p", .rollbackSuccessful, atLeast: 1, atMost: 1, by: nil), .runs("1.0.0"),
            .file(component, version: "2.0.0", atLeast: 0, atMost: 0), .happened("does not reach the hub", atLeast: 1, atMost: 1),
        ]
        try Fleets.check(scenario)
    }

    /// While the hub is away nobody can tell; the verdict comes with it.
    @Test func withoutTheHubAConfigurationStaysOnTrial() throws {
        var scenario = scenario(rollout(configuration: "2.0.0"))
        scenario.faults = [Fault(.hubAnswers(503), from: .seconds(640), until: .seconds(7200))]
        scenario.expectations = [
            .status(policy: "p", .successful, atLeast: 1, atMost: 1, by: nil),
            .file(.configuration, version: "2.0.0", atLeast: 1, atMost: 1),
            .faults(atLeast: 1),
        ]
        try Fleets.check(scenario)
    }

    @Test(arguments: [Build.Damage.unsigned, .corrupt, .missing, .replayed]) func aDamagedOneChangesNothing(_ damage: Build.Damage) throws {
        var bad = HubFile(.configuration, version: "2.0.0")
        bad.damage = damage
        var scenario = scenario(rollout(configuration: "2.0.0"), wrong: [bad])
        let word: Status = damage == .replayed ? .precheckFailed : .downloadFailed
        scenario.expectations = [
            .status(policy: "p", word, atLeast: 1, atMost: 1, by: nil), .file(.configuration, version: "2.0.0", atLeast: 0, atMost: 0),
        ]
        try Fleets.check(scenario)
    }
}
