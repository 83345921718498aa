import Foundation
import Testing
import UpgradePorts
import UpgradeWire

/// What people do to mend something, and what a node mends itself.
@Suite(.serialized) struct PolicyRepairTests {
    /// A policy with a broken manifest, edited and then reset at the exchange: what it says now is what runs.
    @Test func aResetRunsThePolicyAsItIsNow() throws {
        let bench = try HubBench()
        try bench.publish("1.1.0")
        try bench.publishManifest("broken", "not json")
        try bench.publishManifest("mended", HubBench.manifest("1.1.0"))
        try bench.policy("p", manifest: "broken")
        let first = try bench.hub.awaitWord("precheck failed", "p")
        try bench.policy("p", manifest: "mended", method: "PUT")
        // Once a later policy is seen, the edit was read and did not count.
        try bench.policy("marker", manifest: "mended", start: "2100-01-01T00:00:00Z")
        try bench.hub.awaitWord("waiting", "marker")
        #expect(try bench.hub.words("p") == first)
        try bench.resetAtExchange("p")
        let words = Course.withoutRepeats(try bench.hub.awaitWord("successful", "p"))
        #expect(words.suffix(5) == ["waiting", "download started", "downloaded", "initiated", "successful"])
        bench.node.stop()
    }

    /// Disabled while a sick package is on trial: the exchange hears how it ended before the row goes.
    @Test func aPolicyDisabledOnTrialStillHearsTheOutcome() throws {
        let bench = try HubBench(hold: "ready")
        try bench.publish("1.1.0", health: #"["bin/upliftd","no-such-command"]"#)
        try bench.publishManifest("m", HubBench.manifest("1.1.0"))
        try bench.policy("p", manifest: "m")
        try bench.awaitHold()
        try bench.policy("p", manifest: "m", method: "PUT", enabled: false)
        try bench.release()
        try bench.awaitVanished("p")
        let words = Course.withoutRepeats(try bench.hub.words("p"))
        #expect(words == ["waiting", "download started", "downloaded", "initiated", "failed", "rollback started", "rollback successful"])
        #expect(try bench.node.link("current") == 1)
        bench.node.stop()
    }

    /// The installer cannot make its journal: it says so, and the job ends with that reason at once.
    @Test func aJournalThatCannotBeMadeEndsTheJob() throws {
        let bench = try HubBench()
        try bench.publish("1.1.0", ballast: 40 << 20)
        try bench.publishManifest("m", HubBench.manifest("1.1.0"))
        try bench.policy("p", manifest: "m")
        try eventually("a job folder") { try !bench.jobFolders().isEmpty }
        let folder = bench.node.state + "/jobs/" + (try bench.jobFolders()[0])
        try FileManager.default.createDirectory(atPath: folder + "/journal.new/x", withIntermediateDirectories: true)
        try bench.hub.awaitWord("precheck failed", "p")
        #expect(try bench.hub.status("p")?[member: "errorMessage"]?.string?.contains("journal") == true)
        #expect(try bench.node.evidence().version == "1.0.0")
        bench.node.stop()
    }

    /// An installer that dies before its first record is offered the job again.
    @Test func anInstallerThatDiesEarlyIsStartedAgain() throws {
        let bench = try HubBench()
        try bench.publish("1.1.0", ballast: 40 << 20)
        try bench.publishManifest("m", HubBench.manifest("1.1.0"))
        try bench.policy("p", manifest: "m")
        try eventually("an installer to kill") {
            guard let pid = bench.node.children("install").first else { return false }
            return kill(pid, SIGKILL) == 0
        }
        try bench.hub.awaitWord("successful", "p")
        #expect(try bench.node.evidence().version == "1.1.0")
        bench.node.stop()
    }
}
