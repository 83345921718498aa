import FaultServers
import Foundation
import Testing
import UpgradePorts
import UpgradeWire

/// A file system of its own over the node's whole root, with 16 MiB free after release 1, filled at three moments.
@Suite(.serialized, .enabled(if: SmallDisk.isPossible, "SKIPPED: neither root nor user namespaces, so no small file system can be mounted"))
struct FullDiskTests {
    @Test func filledDuringTheDownload() throws {
        let place = try Place()
        defer { place.end() }
        try place.publish("1.1.0", ballast: 10 << 20)
        place.proxy.add(FaultRule(.throttle(bytesPerSecond: 2 << 20), pathContains: "/data"))
        try place.node.publisher.publishPolicy(place.hub, "full", software: "1.1.0")
        try eventually("some megabytes of the download") { place.proxy.bytesForwarded > 4 << 20 }
        try place.disk.fill()
        let words = try place.hub.awaitWord("download failed", "full")
        #expect(words == ["waiting", "download started", "download failed"])
        try place.expectUntouched("full", mentions: "No space left")
    }

    @Test func tooLittleLeftForTheUnpacking() throws {
        let place = try Place()
        defer { place.end() }
        try place.publish("1.1.0", ballast: 8 << 20)
        place.proxy.add(FaultRule(.throttle(bytesPerSecond: 4 << 20), pathContains: "/data"))
        try place.node.publisher.publishPolicy(place.hub, "full", software: "1.1.0")
        try eventually("the start of the download") { place.proxy.bytesForwarded > 1 << 20 }
        try place.disk.fill(leaving: 9 << 20)
        let words = try place.hub.awaitWord("precheck failed", "full")
        #expect(words == ["waiting", "download started", "downloaded", "precheck failed"])
        try place.expectUntouched("full", mentions: "too little space")
    }

    @Test func filledAfterTheSwitchWithASickPackage() throws {
        let place = try Place(holdAt: "switched")
        defer { place.end() }
        try place.publish("1.1.0", ballast: 1 << 20, health: #"["bin/upliftd","no-such-command"]"#)
        try place.node.publisher.publishPolicy(place.hub, "full", software: "1.1.0")
        try eventually("the switch") { FileManager.default.fileExists(atPath: place.holdFile) }
        try place.disk.fill()
        try FileManager.default.removeItem(atPath: place.holdFile)
        let words = try place.hub.awaitWord("rollback successful", "full")
        #expect(words == ["waiting", "download started", "downloaded", "initiated", "failed", "rollback started", "rollback successful"])
        try place.expectUntouched("full", mentions: "health command")
    }
}

/// A node on a small disk behind a proxy, and its hub.
private final class Place {
    let scratch = Scratch()
    let hub: TestHub
    let proxy: FaultProxy
    let disk: SmallDisk
    let node: TestNode
    let before: String
    let holdFile: String

    init(holdAt record: String? = nil) throws {
        hub = try TestHub(scratch)
        proxy = try FaultProxy(upstreamPort: UInt16(hub.port))
        disk = try SmallDisk(scratch)
        holdFile = scratch.path + "/hold"
        node = try TestNode(scratch, hubURL: proxy.url, room: disk.room, program: .script, settings: ["retry-tries": "3"])
        // The agent's own start belongs to release 1: database side files, reserve.
        var environment: [String: String] = [:]
        if let record { environment["UPLIFT_FAILPOINT"] = "\(record):\(scratch.path)/hold" }
        try node.start(environment: environment)
        try node.register(hub)
        try disk.leave(16 << 20)
        before = try node.fingerprint(release: 1)
    }

    func publish(_ version: String, ballast: Int, health: String = #"["bin/upliftd","selftest"]"#) throws {
        let package = try TestPackage.make(
            in: try scratch.folder("p"), version: version, health: health, ballast: ballast, program: .script)
        try node.publisher.publishSoftware(hub, version: version, file: package)
    }

    /// The live release is as it was, and the reason is one sentence that names the cause.
    func expectUntouched(_ policy: String, mentions cause: String) throws {
        #expect(try node.fingerprint(release: 1) == before)
        #expect(try node.link("current") == 1)
        #expect(try node.link("recover") == 1)
        #expect(try node.evidence().version == "1.0.0")
        let reason = try hub.status(policy)?[member: "errorMessage"]?.string ?? ""
        #expect(reason.contains(cause), "\(reason)")
    }

    func end() {
        if ProcessInfo.processInfo.environment["UPLIFT_SHOW_LOGS"] != nil { print(node.log().suffix(6000)) }
        node.stop()
        hub.stop()
        disk.end()
    }
}

/// A tmpfs in a mount namespace that a sleeping process keeps alive.
final class SmallDisk: @unchecked Sendable {
    let room: TestNode.Room
    private let holder: Running
    private let prefix: [String]

    static let isPossible: Bool = {
        let unshare = Programs.isRoot ? ["unshare", "-m"] : ["unshare", "-Urm"]
        return (try? tool(unshare + ["mount", "-t", "tmpfs", "tmpfs", "/mnt"])) != nil
    }()

    init(_ scratch: Scratch) throws {
        let inside = try scratch.folder("disk")
        let unshare = Programs.isRoot ? "-m" : "-Urm"
        holder = try Running(
            "/usr/bin/unshare",
            [unshare, "sh", "-c", "mount -t tmpfs -o size=512m tmpfs '\(inside)' && touch '\(inside)/.ready' && exec sleep 600"],
            log: scratch.path + "/holder.log")
        let outside = "/proc/\(holder.pid)/root" + inside
        try eventually("the small file system") { FileManager.default.fileExists(atPath: outside + "/.ready") }
        let enter = Programs.isRoot ? ["-m"] : ["-U", "--preserve-credentials", "-m"]
        prefix = ["/usr/bin/nsenter", "-t", String(holder.pid)] + enter + ["--"]
        room = TestNode.Room(inside: inside, outside: outside, prefix: prefix)
    }

    /// Shrinks it so that this many bytes stay free.
    func leave(_ bytes: Int) throws {
        let used =
            Int(
                try tool(prefix + ["sh", "-c", "df -B1 --output=used '\(room.inside)' | tail -n 1"]).trimmingCharacters(
                    in: .whitespacesAndNewlines)) ?? 0
        try tool(prefix + ["mount", "-o", "remount,size=\(used + bytes)", room.inside])
    }

    /// Takes all space but `leaving` bytes.
    func fill(leaving: Int = 0) throws {
        let script =
            "free=$(df -B1 --output=avail '\(room.inside)' | tail -n 1); n=$((free - \(leaving))); [ $n -gt 0 ] && head -c $n /dev/zero >'\(room.inside)/filler'; true"
        try tool(prefix + ["sh", "-c", script])
    }

    func end() { holder.killNow() }
}
