import Foundation
import Testing
import UpgradeWire

/// Hooks of packages and of the operator, with real programs.
@Suite struct HookTests {
    private static let events = [
        "before-download", "after-download", "before-install", "after-install", "before-commit", "after-commit", "before-rollback",
        "after-rollback",
    ]

    private func package(_ scratch: Scratch, _ version: String, _ last: String) throws -> String {
        let script = "#!/bin/sh\necho \"\(version) $UPLIFT_HOOK\" >>\"$UPLIFT_ROOT/hooks.txt\"\n\(last)\n"
        let hooks = "{" + Self.events.map { "\"\($0)\":[\"bin/hook\"]" }.joined(separator: ",") + "}"
        return try TestPackage.make(
            in: try scratch.folder("p"), version: version, entries: [(path: "bin/hook", mode: 0o755, bytes: Array(script.utf8))],
            hooks: hooks)
    }

    @Test func hooksRunAtTheirMomentsAndStopWhatTheyMay() throws {
        let scratch = Scratch()
        let hub = try TestHub(scratch)
        let node = try TestNode(scratch, hubURL: hub.url)
        let folder = node.root + "/etc/uplift/hooks.d/before-download"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let script = "#!/bin/sh\necho \"operator $UPLIFT_HOOK\" >>\"$UPLIFT_ROOT/hooks.txt\"\n"
        try script.write(toFile: folder + "/a", atomically: true, encoding: .utf8)
        try tool(["chmod", "-R", "go-w", node.root + "/etc/uplift"])
        try tool(["chmod", "755", folder + "/a"])
        try node.start()
        try node.register(hub)
        try node.publisher.publishSoftware(hub, version: "1.1.0", file: try package(scratch, "1.1.0", "exit 0"))
        try node.publisher.publishPolicy(hub, "good", software: "1.1.0")
        try hub.awaitWord("successful", "good")
        let said = { try String(contentsOfFile: node.root + "/hooks.txt", encoding: .utf8).split(separator: "\n").map(String.init) }
        #expect(
            try said() == [
                "operator before-download", "1.1.0 before-install", "1.1.0 after-install", "1.1.0 before-commit", "1.1.0 after-commit",
            ])

        let refuses = "if [ $UPLIFT_HOOK = before-commit ]; then echo no thanks; exit 1; fi"
        try node.publisher.publishSoftware(hub, version: "1.2.0", file: try package(scratch, "1.2.0", refuses))
        try node.publisher.publishPolicy(hub, "bad", software: "1.2.0")
        try hub.awaitWord("rollback successful", "bad")
        let reason = try #require(try hub.status("bad")?[member: "errorMessage"]?.string)
        #expect(reason.contains("before-commit hook") && reason.contains("exit 1 (no thanks)"))
        #expect(
            try said().dropFirst(5) == [
                "operator before-download", "1.1.0 before-download", "1.1.0 after-download", "1.2.0 before-install", "1.2.0 after-install",
                "1.2.0 before-commit", "1.2.0 before-rollback", "1.1.0 after-rollback",
            ])
        let log = try node.local("GET", "eventlog").body?.array ?? []
        let hooks = log.filter { $0[member: "event_code"]?.string == "upgrade_hook" }
        #expect(hooks.contains { $0[member: "message"]?.string?.contains("no thanks") == true })
        node.stop()
    }

    /// The journal decides, whatever a hook was in the middle of; then the hook runs again.
    @Test func anInstallerThatDiesDuringAHookIsFollowedByOneThatRunsItAgain() throws {
        let scratch = Scratch()
        let hub = try TestHub(scratch)
        let node = try TestNode(scratch, hubURL: hub.url)
        try node.start()
        try node.register(hub)
        let said = { try String(contentsOfFile: node.root + "/hooks.txt", encoding: .utf8).split(separator: "\n").map(String.init) }
        for (minor, moment) in [(1, "before-install"), (2, "before-commit"), (3, "after-commit")] {
            let (version, go) = ("1.\(minor).0", node.root + "/go-\(minor)")
            let hangs = "if [ $UPLIFT_HOOK = \(moment) ] && [ ! -e \(go) ]; then exec sleep 600; fi"
            try node.publisher.publishSoftware(hub, version: version, file: try package(scratch, version, hangs))
            try node.publisher.publishPolicy(hub, "p\(minor)", software: version)
            try eventually("the hook") { try said().contains("\(version) \(moment)") }
            let installer = try #require(node.installerPID)
            try Data().write(to: URL(fileURLWithPath: go))
            kill(installer, SIGKILL)
            try hub.awaitWord("successful", "p\(minor)")
            #expect(try said().filter { $0 == "\(version) \(moment)" }.count == 2, "\(moment)")
            #expect(try node.currentVersion() == version)
        }
        node.stop()
    }
}
