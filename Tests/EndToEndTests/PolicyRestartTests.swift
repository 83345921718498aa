import FaultServers
import Foundation
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// A node that is restarted in any unfinished state goes on where it was.
@Suite(.serialized) struct PolicyRestartTests {
    @Test func beforeTheHandOver() throws {
        let bench = try HubBench(proxied: true)
        let proxy = try #require(bench.proxy)
        try bench.publish("1.1.0", ballast: 8 << 20)
        try bench.publishManifest("m", HubBench.manifest("1.1.0"))
        try bench.policy("p", manifest: "m", start: "2100-01-01T00:00:00Z")
        try bench.hub.awaitWord("waiting", "p")
        try bench.restart()
        try bench.awaitLocal("waiting", "p")

        // The manifest does not come: planning, then between two tries, for longer than two restarts take.
        proxy.add(FaultRule(.stall(afterBytes: 0), pathContains: "agent_upgrade_manifests"))
        try bench.policy("p", manifest: "m", method: "PUT")
        try bench.awaitLocal("download started", "p")
        try state(bench, "planning")
        try bench.restart()
        try state(bench, "planning")
        proxy.clearRules()
        proxy.add(FaultRule(.status(503, retryAfter: "15"), pathContains: "agent_upgrade_manifests", times: 1))
        try bench.restart()
        try state(bench, "paused")
        try bench.restart()
        try state(bench, "paused")

        // Files come slowly; what is there is not fetched again.
        proxy.add(FaultRule(.throttle(bytesPerSecond: 6_000_000), pathContains: Publisher.packageName + "/data"))
        try state(bench, "downloading")
        try eventually("more than a checkpoint") { fetched(proxy) > 6 << 20 }
        try bench.restart()
        proxy.clearRules()
        let words = try bench.hub.awaitWord("successful", "p")
        #expect(Course.withoutRepeats(words) == Course.successful)
        let resumed = proxy.requests.filter { $0.target.contains(Publisher.packageName + "/data") }.last
        #expect(resumed?.head.header("Range")?.hasPrefix("bytes=0-") == false, "resumed with \(String(describing: resumed?.head))")
    }

    @Test func inTheInstallersHands() throws {
        let bench = try HubBench(hold: "begun")
        for minor in 1...4 {
            let health = minor == 4 ? #"["bin/upliftd","no-such-command"]"# : #"["bin/upliftd","selftest"]"#
            try bench.publish("1.\(minor).0", health: health, ballast: minor == 1 ? 32 << 20 : 0)
            try bench.publishManifest("m\(minor)", HubBench.manifest("1.\(minor).0"))
        }
        try bench.policy("handed", manifest: "m1")
        // While the package is unpacked, if that can be seen; and with the installer at its begin.
        try eventually("the unpacking") {
            let state = try bench.localStatus("handed")?[member: "x-uplift"]?[member: "state"]?.string
            return state == "unpacking" || state == "handed-over"
        }
        try bench.restart(hold: "begun")
        try bench.awaitHold()
        try bench.restart()
        // The stop may have cut off the answer to a word; that word is said again.
        let handed = try bench.hub.awaitWord("successful", "handed")
        #expect(Course.withoutRepeats(handed) == Course.successful)

        // Asked to stop, and the machine goes down before the installer has seen it.
        try bench.restart(hold: "begun")
        try bench.policy("cancelled", manifest: "m2")
        try bench.awaitHold()
        #expect(try bench.node.local("PUT", "nodemanagement/reset/demo/cancelled").status == 201)
        try bench.restart()
        let cancelled = try bench.hub.awaitWord("successful", "cancelled")
        #expect(Course.withoutRepeats(cancelled) == Course.initiated + Course.successful)

        try bench.restart(hold: "ready")
        try bench.policy("trial", manifest: "m3")
        try bench.awaitHold()
        try bench.restart()
        let trial = try bench.hub.awaitWord("successful", "trial")
        #expect(Course.withoutRepeats(trial) == Course.successful)
        let committed = try bench.node.link("recover")
        #expect(try bench.node.link("current") == committed)

        try bench.restart(hold: "rollbackIntended")
        try bench.policy("back", manifest: "m4")
        try bench.awaitHold()
        try bench.restart()
        let back = try bench.hub.awaitWord("rollback successful", "back")
        #expect(Course.withoutRepeats(back) == Course.rolledBack)
        #expect(try bench.node.link("current") == committed)
        #expect(try bench.node.link("recover") == committed)
        try bench.awaitNoJobFolder()
    }

    /// After a start nothing begins before the hub was asked; until then a policy that is due costs nothing.
    @Test func aDuePolicyWaitsForTheHubQuietly() throws {
        let bench = try HubBench()
        try bench.publishManifest("m", HubBench.manifest("1.0.0"))
        let due = Date().addingTimeInterval(3)
        try bench.policy("p", manifest: "m", start: due.ISO8601Format())
        try bench.hub.awaitWord("waiting", "p")
        bench.node.stop()
        bench.hub.stop()
        try eventually("the start of the policy") { Date() > due.addingTimeInterval(1) }
        try bench.start()
        let agent = try #require(bench.node.agentPID)
        let (began, before) = (Date(), switches(agent))
        try eventually("the end of the watch") { Date().timeIntervalSince(began) > 2 }
        #expect(switches(agent) - before < 400, "the agent wakes up all the time")
        #expect(try bench.localWord("p") == "waiting")
        try bench.hub.start()
        #expect(try bench.hub.awaitWord("no action required", "p") == Course.started + ["no action required"])
    }

    /// How often the threads of a process went to sleep by themselves.
    private func switches(_ pid: Int32) -> Int {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        return tasks.reduce(0) { sum, task in
            let text = (try? String(contentsOfFile: "/proc/\(pid)/task/\(task)/status", encoding: .utf8)) ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches:") }
            return sum + (line.flatMap { Int($0.split(separator: "\t").last ?? "") } ?? 0)
        }
    }

    private func state(_ bench: HubBench, _ name: String) throws {
        try eventually("the state \(name)", within: 30) {
            try bench.localStatus("p")?[member: "x-uplift"]?[member: "state"]?.string == name
        }
    }

    private func fetched(_ proxy: FaultProxy) -> Int {
        proxy.requests.filter { $0.target.contains(Publisher.packageName + "/data") }.map(\.bytesForwarded).max() ?? 0
    }
}
