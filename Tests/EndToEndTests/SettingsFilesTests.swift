import Foundation
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// Wrong settings are told, unsafe ones are not used.
@Suite(.serialized) struct SettingsFilesTests {
    @Test func mistakesReachStatusAndLog() throws {
        let scratch = Scratch()
        let wrong = ["retry-tries": "many", "allow-insecure-hub": "maybe", "poll-intervall-seconds": "3", "trial-deadline-seconds": "0"]
        let node = try TestNode(scratch, hubURL: "http://127.0.0.1:9", settings: wrong)
        try node.start()
        let status = try node.local("GET", "status").body?[member: "x-uplift"]
        let told = status?[member: "settingsMistakes"]?.array?.compactMap(\.string) ?? []
        #expect(
            told == [
                "/etc/uplift/test.conf: allow-insecure-hub is 'maybe', expected yes or no; no holds",
                "/etc/uplift/test.conf: there is no setting poll-intervall-seconds",
                "/etc/uplift/test.conf: retry-tries is 'many', expected a number; 20 holds",
                "/etc/uplift/test.conf: trial-deadline-seconds is '0', expected a number from 1 to 31536000; 1 holds",
            ])
        try eventually("the mistakes in the log") { told.allSatisfy { node.log().contains($0) } }
    }

    /// A wrong `chmod` takes no node from its operator, and makes none believe a stranger's key.
    @Test func afterAWrongChmodTheNodeRunsAndBelievesNobody() throws {
        let scratch = Scratch()
        let hub = try TestHub(scratch)
        let node = try TestNode(scratch, hubURL: hub.url)
        try node.start()
        try node.register(hub)
        node.stop()
        for place in ["/etc/uplift", "/etc/uplift/trusted-keys.d"] { try tool(["chmod", "g+w", node.root + place]) }
        try node.start()
        let status = try node.local("GET", "status").body?[member: "x-uplift"]
        let told = status?[member: "settingsMistakes"]?.array?.compactMap(\.string) ?? []
        #expect(told.count == 1 && told[0].contains("/etc/uplift can be written by others"), "\(told)")
        let file = try TestPackage.make(in: try scratch.folder("p"), version: "1.1.0")
        try node.publisher.publishSoftware(hub, version: "1.1.0", file: file)
        try node.publisher.publishPolicy(hub, "next", software: "1.1.0")
        _ = try hub.awaitWord("precheck failed", "next")
        let reason = try hub.status("next")?[member: "errorMessage"]?.string ?? ""
        #expect(reason.contains("trusted-keys.d can be written by others"), "\(reason)")
        #expect(try node.currentVersion() == "1.0.0")
    }
}
