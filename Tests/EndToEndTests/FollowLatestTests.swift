import Foundation
import Testing
import UpgradeWire

/// A policy whose manifest says `latest` goes on by itself when something newer is published, and leaves alone what failed here.
/// Source: contract 4.8, "AFV change".
@Suite(.serialized) struct FollowLatestTests {
    @Test func whatIsPublishedLaterIsInstalledAndWhatFailedIsNot() throws {
        let bench = try HubBench()
        try offer(bench, ["1.0.0"])
        try bench.publishManifest("m", HubBench.manifest("latest"))
        try bench.policy("p", manifest: "m", constraints: ["openhorizon.arch == \(TestPackage.machine) && openhorizon.cpu > 0"])
        try bench.hub.awaitWord("no action required", "p")

        try bench.publish("1.1.0")
        try offer(bench, ["1.0.0", "1.1.0"])
        let good = Course.started + ["no action required"] + Course.successful
        #expect(try bench.hub.awaitWord("successful", "p") == good)

        try bench.publish("1.2.0", health: #"["bin/upliftd","no-such-command"]"#)
        try offer(bench, ["1.0.0", "1.1.0", "1.2.0"])
        #expect(try bench.hub.awaitWord("rollback successful", "p") == good + Course.rolledBack)

        // The hub says it again: the same list with one more old version. Then something newer comes.
        try offer(bench, ["0.9.0", "1.0.0", "1.1.0", "1.2.0"])
        try bench.publish("1.3.0")
        try offer(bench, ["1.2.0", "1.3.0"])
        try eventually("1.3.0") { try bench.node.currentVersion() == "1.3.0" }
        try eventually("the last word") { try bench.hub.words("p").last == "successful" }
        #expect(try bench.hub.words("p") == good + Course.rolledBack + Course.successful)
    }

    /// The exchange's list of what there is.
    private func offer(_ bench: HubBench, _ versions: [String]) throws {
        try bench.hub.call(
            "PUT", "v1/" + HubPath.agentFileVersion,
            [
                "agentSoftwareVersions": .array(versions.map { .string($0) }), "agentConfigVersions": [], "agentCertVersions": [],
            ])
    }
}
