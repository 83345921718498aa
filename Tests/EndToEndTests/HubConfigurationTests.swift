import FaultServers
import Foundation
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// Configuration and certificate are judged by the hub alone: by the right one, and only when it is there. Source: install.md, "Health and
/// commit". One node goes through all cases.
@Suite(.serialized) struct HubConfigurationTests {
    @Test func rightConfigurationsAndCertificatesAreCommitted() throws {
        let bench = try HubBench()
        let publisher = bench.node.publisher
        try publisher.publishSmall(bench.hub, .configuration, version: "2.0.0", text: configuration(bench.hub.url))
        try publisher.publishPolicy(bench.hub, "config", configuration: "2.0.0")
        #expect(try bench.hub.awaitWord("successful", "config") == Course.successful)
        try eventually("the report of the version") { try bench.reportedVersions()?[member: "config"]?.string == "2.0.0" }
        #expect(try bench.node.evidence().version == "1.0.0")

        // Over plain http a certificate has nothing to prove but that nothing breaks.
        try publisher.publishSmall(bench.hub, .certificate, version: "3.1.0", text: "")
        try publisher.publishPolicy(bench.hub, "certificate", certificate: "3.1.0")
        #expect(try bench.hub.awaitWord("successful", "certificate") == Course.successful)
        try eventually("the report of the versions") {
            let versions = try bench.reportedVersions()
            return versions?[member: "certificate"]?.string == "3.1.0" && versions?[member: "config"]?.string == "2.0.0"
        }
        #expect(try bench.node.link("recover") == 3)
    }

    @Test func aConfigurationThatNamesAWrongHubGoesBack() throws {
        let bench = try HubBench()
        try bench.node.publisher.publishSmall(bench.hub, .configuration, version: "2.0.0", text: configuration(nowhere))
        try bench.node.publisher.publishPolicy(bench.hub, "wrong", configuration: "2.0.0")
        #expect(try bench.hub.awaitWord("rollback successful", "wrong") == Course.rolledBack)
        #expect(try bench.hub.status("wrong")?[member: "errorMessage"]?.string?.contains("does not reach the hub") == true)
        #expect(try bench.node.link("current") == 1)
        #expect(try bench.node.link("recover") == 1)
        #expect((try bench.reportedVersions()?[member: "config"]?.string ?? "").isEmpty)

        // Software that comes along does not save it.
        try bench.publish("1.1.0")
        try bench.node.publisher.publishPolicy(bench.hub, "both", software: "1.1.0", configuration: "2.0.0")
        #expect(try bench.hub.awaitWord("rollback successful", "both") == Course.rolledBack)
        #expect(try bench.node.evidence().version == "1.0.0")
    }

    /// Fewer than three rounds in a row against a release do not count.
    @Test func aHubThatStumblesOnceIsForgiven() throws {
        let bench = try HubBench(settings: ["probe-pause-seconds": "2"])
        let other = try FaultProxy(upstreamPort: UInt16(bench.hub.port))
        other.add(FaultRule(.status(503), pathContains: "nodes/node1"))
        try bench.node.publisher.publishSmall(bench.hub, .configuration, version: "2.0.0", text: configuration(other.url))
        try bench.node.publisher.publishPolicy(bench.hub, "stumbles", configuration: "2.0.0")
        try eventually("a round that counts against the new release", within: 90) { !other.requests.isEmpty }
        #expect(try bench.node.link("recover") == 1)
        other.clearRules()
        #expect(try bench.hub.awaitWord("successful", "stumbles") == Course.successful)
        #expect(try bench.node.link("recover") == 2)
        bench.node.stop()
    }

    /// While nobody can tell, the release stays on trial beyond its deadline and through a reboot; the verdict comes with the hub.
    @Test func withoutTheHubAConfigurationStaysOnTrial() throws {
        let bench = try HubBench(hold: "begun")
        try bench.publish("1.1.0", deadline: 4)
        try bench.node.publisher.publishPolicy(bench.hub, "short", software: "1.1.0")
        try bench.awaitHold()
        try bench.release()
        #expect(try bench.hub.awaitWord("successful", "short") == Course.successful)

        try bench.node.publisher.publishSmall(bench.hub, .configuration, version: "2.0.0", text: configuration(nowhere))
        try bench.node.publisher.publishPolicy(bench.hub, "wrong", configuration: "2.0.0")
        try installWithoutHub(bench, "wrong", release: 3)
        try staysOnTrial(bench, release: 3, seconds: 5)
        try bench.restart(hold: "begun")
        try eventually("the same trial after a reboot") { try bench.node.evidence().release == 3 }
        try bench.hub.start()
        #expect(try bench.hub.awaitWord("rollback successful", "wrong") == Course.rolledBack)
        #expect(try bench.node.link("current") == 2)

        try bench.node.publisher.publishSmall(bench.hub, .configuration, version: "2.1.0", text: configuration(bench.hub.url))
        try bench.node.publisher.publishPolicy(bench.hub, "right", configuration: "2.1.0")
        try installWithoutHub(bench, "right", release: 4)
        try staysOnTrial(bench, release: 4, seconds: 3)
        try bench.hub.start()
        #expect(try bench.hub.awaitWord("successful", "right") == Course.successful)
        #expect(try bench.node.link("recover") == 4)
    }

    /// Nobody listens there.
    private let nowhere = "http://127.0.0.1:9"

    private func configuration(_ hub: String) -> String { "HZN_EXCHANGE_URL=\(hub)/v1\nHZN_FSS_CSSURL=\(hub)\nHZN_AGENT_PORT=0\n" }

    private func installWithoutHub(_ bench: HubBench, _ policy: String, release: Int) throws {
        try bench.awaitHold()
        try bench.hub.awaitWord("initiated", policy)
        bench.hub.stop()
        try bench.release()
        try eventually("the trial of \(policy)") { try bench.node.evidence().release == release }
    }

    private func staysOnTrial(_ bench: HubBench, release: Int, seconds: Double) throws {
        let began = Date()
        try eventually("the end of the watch", within: seconds + 30) {
            guard let found = try? bench.node.evidence().release else { return false }
            if found != release { throw Trouble("release \(found) runs, expected \(release) on trial") }
            #expect(try bench.node.link("recover") == 2)
            return Date().timeIntervalSince(began) > seconds
        }
    }
}
