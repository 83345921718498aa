import Foundation
import Testing
import UpgradeWire

/// A node that is not fit for an upgrade just now, with real programs.
@Suite struct SurroundingsTests {
    private func write(_ values: [String: String], _ folder: String) throws {
        for (name, text) in values { try (text + "\n").write(toFile: folder + "/" + name, atomically: true, encoding: .utf8) }
    }

    @Test func aNodeOnBatteryWaitsForMains() throws {
        let scratch = Scratch()
        let hub = try TestHub(scratch)
        let node = try TestNode(scratch, hubURL: hub.url, settings: ["battery-min-percent": "40", "retry-tries": "1000"])
        let battery = node.root + "/sys/class/power_supply/BAT0"
        try FileManager.default.createDirectory(atPath: battery, withIntermediateDirectories: true)
        try write(["type": "Battery", "status": "Discharging", "capacity": "39"], battery)
        try node.start()
        try node.register(hub)
        let package = try TestPackage.make(in: try scratch.folder("p"), version: "1.1.0")
        try node.publisher.publishSoftware(hub, version: "1.1.0", file: package)
        try node.publisher.publishPolicy(hub, "good", software: "1.1.0")
        try eventually("the reason") {
            let reason = try node.explanation("good")?[member: "x-uplift"]?[member: "reason"]?.string
            return reason?.contains("runs on battery at 39 %, expected mains or at least 40 %") == true
        }
        #expect(try hub.awaitWord("download started", "good") == ["waiting", "download started"])
        try write(["status": "Charging"], battery)
        try hub.awaitWord("successful", "good")
        node.stop()
    }
}
