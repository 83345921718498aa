import Foundation
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// Upgrades of an Open Horizon agent beside upliftd, with the real dpkg in a root of its own; that wants root.
@Suite(.enabled(if: Programs.isRoot)) struct HorizonUpgradeTests {
    private let scratch = Scratch()

    private func site(_ settings: [String: String] = [:]) throws -> (TestHub, TestNode, HorizonSite) {
        let hub = try TestHub(scratch)
        let node = try TestNode(
            scratch, hubURL: hub.url,
            settings: ["managed-agent": "horizon", "script-time-seconds": "60"].merging(settings) { $1 })
        let horizon = try HorizonSite(node, scratch, hubURL: hub.url)
        try node.start()
        try node.register(hub)
        return (hub, node, horizon)
    }

    private func publish(_ hub: TestHub, _ node: TestNode, _ file: String, _ version: String, _ policy: String, downgrade: Bool = false)
        throws
    {
        try node.publisher.publishSoftware(hub, version: version, file: file)
        try node.publisher.publishPolicy(hub, policy, software: version, allowDowngrade: downgrade)
    }

    @Test func aGoodUpgradeAndThenABadOne() throws {
        let (hub, node, horizon) = try site()
        try publish(hub, node, try horizon.package("2.31.0-7"), "2.31.0-7", "good")
        #expect(try hub.awaitWord("successful", "good") == ["waiting", "download started", "downloaded", "initiated", "successful"])
        try eventually("the report of the version") { try hub.version() == "2.31.0-7" }
        #expect(try horizon.read("usr/horizon/bin/anax") == "horizon 2.31.0-7\n")
        #expect(try horizon.read("script.txt") == "-d edge7 -O demo -s -b -G software --auto-upgrade\n")
        #expect(try node.link("current") == 2)
        #expect(try node.evidence().version == "1.0.0")
        #expect(!horizon.exists("run/uplift/agent.port"))

        let before = try horizon.image()
        try horizon.write("mode", "fails")
        try publish(hub, node, try horizon.package("2.32.0"), "2.32.0", "bad")
        let words = try hub.awaitWord("rollback successful", "bad")
        #expect(words == ["waiting", "download started", "downloaded", "initiated", "failed", "rollback started", "rollback successful"])
        #expect(try horizon.image() == before)
        // Once: a second run would hide what the first one did.
        #expect(try horizon.read("script.txt").split(separator: "\n").count == 2)
        let reason = try #require(try hub.status("bad")?[member: "errorMessage"]?.string)
        #expect(reason.contains("agent-install.sh") && reason.contains("exit 2") && reason.contains("no ") && !reason.contains("\u{1b}"))
        #expect(try hub.version() == "2.31.0-7")
        #expect(try node.link("current") == 2)
        node.stop()
    }

    @Test func softwareConfigurationAndCertificateTogetherAndThenADowngrade() throws {
        let (hub, node, horizon) = try site()
        try node.publisher.publishSoftware(hub, version: "2.31.0", file: try horizon.package("2.31.0"))
        try node.publisher.publishSmall(hub, .configuration, version: "2", text: "HZN_CONFIG_VERSION=2\n")
        try node.publisher.publishSmall(hub, .certificate, version: "2.0.0", text: "-----OpenHorizon Version 2.0.0-----\nnew certificate\n")
        try node.publisher.publishPolicy(hub, "all", software: "2.31.0", configuration: "2", certificate: "2.0.0")
        try hub.awaitWord("successful", "all")
        #expect(try horizon.read("script.txt") == "-d edge7 -O demo -s -b -G software,cert,config --auto-upgrade\n")
        let status = try node.local("GET", "status").body?[member: "configuration"]
        #expect(status?[member: "horizon_version"]?.string == "2.31.0")
        #expect(status?[member: "config_file_version"]?.string == "2" && status?[member: "cert_file_version"]?.string == "2.0.0")

        try publish(hub, node, try horizon.package("2.29.0"), "2.29.0", "down", downgrade: true)
        try hub.awaitWord("successful", "down")
        #expect(try horizon.read("script.txt").hasSuffix("-b -f -G software --auto-upgrade\n"))
        try eventually("the report of the version") { try hub.version() == "2.29.0" }
        node.stop()
    }

    @Test func aScriptThatHangsAndAnAgentThatNeverReachesItsExchange() throws {
        let (hub, node, horizon) = try site(["script-time-seconds": "20"])
        let before = try horizon.image()
        try horizon.write("mode", "hangs")
        try publish(hub, node, try horizon.package("2.31.0"), "2.31.0", "hangs")
        try hub.awaitWord("rollback successful", "hangs")
        #expect(try hub.status("hangs")?[member: "errorMessage"]?.string?.contains("did not end in time") == true)
        #expect(try horizon.image() == before)

        try horizon.write("mode", "lonely")
        try publish(hub, node, try horizon.package("2.32.0", deadline: 3), "2.32.0", "lonely")
        try hub.awaitWord("rollback successful", "lonely")
        #expect(try hub.status("lonely")?[member: "errorMessage"]?.string?.contains("has not reached its exchange") == true)
        #expect(try horizon.image() == before)
        node.stop()
    }

    @Test func whatIsNotBegun() throws {
        let (hub, node, horizon) = try site()
        let before = try horizon.image()
        func refused(_ policy: String, _ file: String, _ reason: String) throws {
            let version = "2.31.\(policy.count)"
            try publish(hub, node, file, version, policy)
            try hub.awaitWord("precheck failed", policy)
            let found = try hub.status(policy)?[member: "errorMessage"]?.string ?? ""
            #expect(found.contains(reason), "\(found)")
            #expect(!horizon.exists("script.txt") && horizon.exists("running"))
        }
        try horizon.write("etc/cron.d/horizon", "*/5 * * * * root /usr/horizon/bin/agent-auto-upgrade.sh\n")
        try refused("a", try horizon.package("2.31.1"), "etc/cron.d/horizon starts agent-auto-upgrade.sh: two installers would meet")
        try FileManager.default.removeItem(atPath: horizon.root + "/etc/cron.d/horizon")

        try horizon.write("configstate", "unconfigured")
        try refused("bb", try horizon.package("2.31.2"), "configstate 'unconfigured', expected configured")
        try FileManager.default.removeItem(atPath: horizon.root + "/configstate")

        let tree = try TestPackage.make(in: try scratch.folder("p"), version: "2.31.3")
        try refused("ccc", tree, "wrong strategy: the package's signed descriptor says strategy tree, expected script")

        let database = try horizon.read("var/horizon/anax.db")
        try FileManager.default.removeItem(atPath: horizon.root + "/var/horizon/anax.db")
        try refused("dddd", try horizon.package("2.31.4"), "no way back")
        try horizon.write("var/horizon/anax.db", database)
        #expect(try horizon.image() == before)
        node.stop()
    }

    /// Also where the agent stands beside us and no setting names it.
    @Test func anyOtherNodeRefusesTheScript() throws {
        let (hub, node, horizon) = try site(["managed-agent": ""])
        let before = try horizon.image()
        try publish(hub, node, try horizon.package("2.31.0"), "2.31.0", "p")
        try hub.awaitWord("precheck failed", "p")
        let reason = try #require(try hub.status("p")?[member: "errorMessage"]?.string)
        #expect(reason.contains("wrong strategy: the package's signed descriptor says strategy script, expected tree"))
        #expect(try horizon.image() == before)
        node.stop()
    }
}
