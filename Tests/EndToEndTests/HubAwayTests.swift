import FaultServers
import Foundation
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// The hub goes away in the middle of an upgrade: nothing rolls back for that, and nothing that was owed is lost. Source: install.md,
/// "Health and commit".
@Suite(.serialized) struct HubAwayTests {
    /// The exchange stops once `downloaded` is committed and comes back only after the new release was committed.
    @Test func softwareIsCommittedWithoutTheHub() throws {
        let bench = try HubBench(proxied: true, hold: "begun")
        try bench.publish("1.1.0")
        let away = try goAway(bench, "good", "1.1.0")
        try eventually("the commit without the hub", within: 90) { try bench.node.link("recover") == 2 }
        try bench.awaitLocal("successful", "good")
        #expect(try bench.node.evidence().version == "1.1.0")

        try bench.hub.start()
        bench.proxy?.up()
        let words = try bench.hub.awaitWord("successful", "good")
        #expect(Course.withoutRepeats(words) == Course.successful)
        #expect(away == Course.downloaded, "the exchange was stopped when it knew exactly this")
        try eventually("the report of the version") { try bench.hub.version() == "1.1.0" }
    }

    /// The same with a package that is no good: every owed word arrives, in order, after the exchange is back.
    @Test func aRollbackWithoutTheHubIsReportedLater() throws {
        let bench = try HubBench(proxied: true, hold: "begun")
        try bench.publish("1.1.0", health: #"["bin/upliftd","no-such-command"]"#)
        let away = try goAway(bench, "bad", "1.1.0")
        try bench.awaitLocal("rollback successful", "bad", within: 90)

        try bench.hub.start()
        bench.proxy?.up()
        #expect(Course.withoutRepeats(try bench.hub.awaitWord("rollback successful", "bad")) == Course.rolledBack)
        #expect(away == Course.downloaded)
        #expect(try bench.hub.status("bad")?[member: "errorMessage"]?.string?.contains("health command") == true)
        #expect(try bench.node.link("current") == 1)
        #expect(try bench.hub.version() == "1.0.0" || bench.hub.version() == "" || bench.hub.version() == nil)
    }

    /// A hub that comes back while the deadline runs out meets a release that is slow but good.
    @Test func aHubThatReturnsInTheLastSecondOfTheDeadline() throws {
        let bench = try HubBench(hold: "begun")
        let file = try TestPackage.make(
            in: try bench.scratch.folder("packages"), version: "1.1.0", health: #"["bin/slow"]"#, deadline: 8,
            entries: [("bin/slow", 0o755, Array("#!/bin/sh\nsleep 5\n".utf8))])
        try bench.node.publisher.publishSoftware(bench.hub, version: "1.1.0", file: file)
        try bench.node.publisher.publishPolicy(bench.hub, "slow", software: "1.1.0")
        try bench.awaitHold()
        try bench.hub.awaitWord("initiated", "slow")
        bench.hub.stop()
        try bench.release()
        try eventually("the trial") { try bench.node.evidence().release == 2 }
        let trialBegan = Date()
        try eventually("the last second", within: 20) { Date().timeIntervalSince(trialBegan) > 4.5 }
        try bench.hub.start()
        #expect(try bench.hub.awaitWord("successful", "slow") == Course.successful)
        #expect(try bench.node.link("recover") == 2)
    }

    /// Stops node-to-hub traffic when `downloaded` arrived, then the hub itself, with the installer held before anything is switched.
    private func goAway(_ bench: HubBench, _ policy: String, _ version: String) throws -> [String] {
        // Slow answers give time to act before the next word is sent.
        bench.proxy?.add(FaultRule(.throttle(bytesPerSecond: 100), pathContains: "managementStatus/\(policy)"))
        try bench.node.publisher.publishPolicy(bench.hub, policy, software: version)
        try bench.hub.awaitWord("downloaded", policy)
        bench.proxy?.down()
        bench.proxy?.clearRules()
        try bench.awaitHold()
        let words = try bench.hub.words(policy)
        bench.hub.stop()
        try bench.release()
        return words
    }
}
