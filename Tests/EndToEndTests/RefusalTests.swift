import FaultServers
import Foundation
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// What a node must not install: each ends in the right word with one sentence, and the live release is untouched. Source: install.md,
/// "Which word".
@Suite(.serialized) struct RefusalTests {
    private static let downloadFailed = Course.started + ["download failed"]
    private static let precheckFailed = Course.started + ["precheck failed"]
    private static let unpackedAndRefused = Course.downloaded + ["precheck failed"]

    @Test func manifestsAndVersions() throws {
        let bench = try RefusalBench()
        let failed = Self.precheckFailed
        bench.run([
            RefusalCase("manifest missing", failed, "does not exist") { try $0.hub.policy($1, manifest: "no-such-manifest") },
            RefusalCase("manifest unsigned", failed, "not believed") {
                try $0.hub.publishManifest($1, HubBench.manifest("1.1.0"), signature: RefusalBench.unsigned)
                try $0.hub.policy($1, manifest: $1)
            },
            RefusalCase("manifest of a stranger", failed, "not believed") {
                let text = HubBench.manifest("1.1.0")
                let file = try $0.folder() + "/strange"
                try text.write(toFile: file, atomically: true, encoding: .utf8)
                try $0.hub.publishManifest($1, text, signature: try $0.stranger.signature(of: file))
                try $0.hub.policy($1, manifest: $1)
            },
            RefusalCase("manifest no JSON", failed, "no manifest document") {
                try $0.hub.publishManifest($1, "{\"softwareUpgrade\":\n[oops")
                try $0.hub.policy($1, manifest: $1)
            },
            RefusalCase("manifest of another form", failed, "no manifest document") {
                try $0.hub.publishManifest($1, #"{"softwareUpgrade":{"version":7,"files":"*"}}"#)
                try $0.hub.policy($1, manifest: $1)
            },
            RefusalCase("version unresolvable", failed, "7") {
                try $0.hub.publishManifest($1, HubBench.manifest("[7.0.0,8.0.0)"))
                try $0.hub.policy($1, manifest: $1)
            },
            RefusalCase("version is nonsense", failed, "one.two") {
                try $0.hub.publishManifest($1, HubBench.manifest("one.two"))
                try $0.hub.policy($1, manifest: $1)
            },
            RefusalCase("file not in manifest", failed, "not listed in the manifest") {
                try $0.hub.publishManifest($1, HubBench.manifest("1.1.0", files: #"["other.tar.gz"]"#))
                try $0.hub.policy($1, manifest: $1)
            },
            RefusalCase("start unreadable", ["precheck failed"], "tomorrow") {
                try $0.hub.publishManifest($1, HubBench.manifest("1.1.0"))
                try $0.hub.policy($1, manifest: $1, start: "tomorrow")
            },
            RefusalCase("nothing newer", Course.started + ["no action required"], "") {
                try $0.node.publisher.publishPolicy($0.hub.hub, $1, software: "1.0.0")
            },
            RefusalCase("lower and not allowed", Course.started + ["no action required"], "does not allow a downgrade") {
                try $0.node.publisher.publishPolicy($0.hub.hub, $1, software: "0.9.0")
            },
        ])
        try afterwards(bench)
    }

    @Test func bytesOnTheWay() throws {
        let bench = try RefusalBench()
        let failed = Self.downloadFailed
        bench.run([
            always("bit flipped", .flipBit(atByte: 100_000), "not believed"),
            always("connection cut", .cut(afterBytes: 70_000), "given up after 3 tries"),
            always("body truncated", .truncate(toBytes: 70_000), "70000"),
            always("data not found", .status(404), "404"),
            always("data forbidden", .status(403), "403"),
            always("data gone", .status(410), "410"),
            always("hub overloaded", .status(503), "given up after 3 tries"),
            always("hub says wait", .status(429, retryAfter: "0"), "given up after 3 tries"),
            RefusalCase("metadata not found", failed, "does not exist at the hub (404)") {
                try $0.node.publisher.publishPolicy($0.hub.hub, $1, software: $0.freshVersion())
            },
            RefusalCase("length too small", failed, "announced") {
                $0.editor.edit(pathEnding: "/" + Publisher.packageName) { metadata in
                    metadata.merging(["objectSize": .number((metadata["objectSize"]?.integer).map { Double($0 - 10) } ?? 0)]) { $1 }
                }
                try $0.good($1)
            },
            RefusalCase("length too large", failed, "promised") {
                $0.editor.edit(pathEnding: "/" + Publisher.packageName) { metadata in
                    metadata.merging(["objectSize": .number((metadata["objectSize"]?.integer).map { Double($0 + 10) } ?? 0)]) { $1 }
                }
                try $0.good($1)
            },
            RefusalCase("length zero", failed, "no length") {
                $0.editor.edit(pathEnding: "/" + Publisher.packageName) { $0.merging(["objectSize": 0]) { $1 } }
                try $0.good($1)
            },
        ])
        bench.editor.edit(pathEnding: "/" + Publisher.packageName, nil)
        signatures(bench)
        try afterwards(bench)
    }

    private func signatures(_ bench: RefusalBench) {
        let failed = Self.downloadFailed
        bench.run([
            RefusalCase("object unsigned", failed, "not believed") { try $0.good($1, signature: RefusalBench.unsigned) },
            RefusalCase("object of a stranger", failed, "not believed") {
                let version = $0.freshVersion()
                let file = try TestPackage.make(in: try $0.folder(), version: version)
                try $0.software($1, version, file: file, signature: try $0.stranger.signature(of: file))
            },
            RefusalCase("signed with SHA-1", failed, "SHA1") {
                // Planted in the answer, because the hub would not take a signature that is none.
                $0.editor.edit(pathEnding: "/" + Publisher.packageName) { $0.merging(["hashAlgorithm": "SHA1"]) { $1 } }
                try $0.good($1)
            },
            RefusalCase("signature of other bytes", failed, "not believed") {
                // Planted in the answer, because the hub would not take it.
                let other = try $0.folder() + "/other"
                try "other bytes".write(toFile: other, atomically: true, encoding: .utf8)
                let wrong = try $0.node.publisher.signature(of: other)
                $0.editor.edit(pathEnding: "/" + Publisher.packageName) { $0.merging(["signature": .string(wrong.signature)]) { $1 } }
                try $0.good($1)
            },
        ])
        bench.editor.edit(pathEnding: "/" + Publisher.packageName, nil)
    }

    @Test func packages() throws {
        let bench = try RefusalBench()
        packagesOfTheWrongKind(bench)
        archivesThatReachOut(bench)
        configurationsWithAWrongStamp(bench)
        try afterwards(bench)
    }

    private func packagesOfTheWrongKind(_ bench: RefusalBench) {
        let failed = Self.unpackedAndRefused
        bench.run([
            RefusalCase("old package under a new version", failed, "says version 1.0.0") {
                try $0.software($1, $0.freshVersion(), file: try TestPackage.make(in: try $0.folder(), version: "1.0.0"))
            },
            RefusalCase("another architecture", failed, "architecture s390x") {
                try $0.archive($1, descriptor: { HostilePackage.descriptor($0, architecture: "s390x") })
            },
            RefusalCase("another name", failed, "says name other") {
                try $0.archive($1, descriptor: { HostilePackage.descriptor($0, name: "other") })
            },
            RefusalCase("another strategy", failed, "strategy deb") {
                try $0.archive($1, descriptor: { HostilePackage.descriptor($0, strategy: "deb") })
            },
            RefusalCase("with a hook for no moment", failed, "hooks.before is not a known field") {
                try $0.archive($1, descriptor: { HostilePackage.descriptor($0, hooks: #"{"before":["bin/x"]}"#) })
            },
            RefusalCase("without descriptor", failed, "upgrade-package.json") {
                try $0.archive($1, descriptor: { _ in nil }, entries: [Tar.file("bin/upliftd", Array("x".utf8), mode: 0o755)])
            },
            RefusalCase("descriptor no JSON", failed, "JSON") { try $0.archive($1, descriptor: { _ in "{]" }) },
            RefusalCase("more space than there is", failed, "too little space") {
                try $0.archive($1, descriptor: { HostilePackage.descriptor($0, minimumFree: 1 << 49) })
            },
            RefusalCase("no archive", failed, "expected a tar") { try $0.bytes($1, Array("this is no archive\n".utf8)) },
        ])
    }

    private func archivesThatReachOut(_ bench: RefusalBench) {
        let failed = Self.unpackedAndRefused
        func refusal(_ name: String, _ word: String, _ entries: [[UInt8]]) -> RefusalCase {
            RefusalCase(name, failed, word) { try $0.archive($1, entries: entries) }
        }
        bench.run([
            refusal("climbing path", "path-climbs", [Tar.file("../../../../escaped", [1])]),
            refusal("absolute path", "path-absolute", [Tar.file("/tmp/uplift-escaped", [1])]),
            refusal("symbolic link", "symbolic-link", [Tar.special("bin", type: "2", target: "/tmp"), Tar.file("bin/escaped", [1])]),
            refusal("hard link", "hard-link", [Tar.special("passwd", type: "1", target: "/etc/passwd")]),
            refusal("setuid", "special-mode", [Tar.file("bin/root", [1], mode: 0o4755)]),
            refusal("device", "special-file", [Tar.special("null", type: "3")]),
            refusal("fifo", "special-file", [Tar.special("pipe", type: "6")]),
            refusal("same name twice", "duplicate-path", [Tar.file("a", [1]), Tar.file("a", [2])]),
            refusal("file as folder", "file-as-folder", [Tar.file("a", [1]), Tar.file("a/b", [2])]),
        ])
        #expect(!FileManager.default.fileExists(atPath: "/tmp/uplift-escaped"))
        #expect(!FileManager.default.fileExists(atPath: bench.hub.scratch.path + "/escaped"))
    }

    private func configurationsWithAWrongStamp(_ bench: RefusalBench) {
        let failed = Self.precheckFailed
        func refusal(_ name: String, _ reason: String, _ version: String, stamp: String) -> RefusalCase {
            RefusalCase(name, failed, reason) {
                try $0.node.publisher.publishSmall($0.hub.hub, .configuration, version: version, text: "A=1\n", stamp: stamp)
                try $0.node.publisher.publishPolicy($0.hub.hub, $1, configuration: version)
            }
        }
        bench.run([
            refusal("stamp of another version", "says version 4.0.0", "5.0.1", stamp: "# uplift: kind=configuration version=4.0.0"),
            refusal("stamp of another kind", "says kind certificate", "5.0.2", stamp: "# uplift: kind=certificate version=5.0.2"),
            refusal("no stamp", "stamp it", "5.0.3", stamp: "HZN_EXCHANGE_URL=http://127.0.0.1:9/v1"),
        ])
    }

    /// A good policy still succeeds on the same node; then nothing goes below what was committed.
    private func afterwards(_ bench: RefusalBench) throws {
        try bench.hub.publish("2.0.0")
        try bench.node.publisher.publishPolicy(bench.hub.hub, "good-at-last", software: "2.0.0")
        #expect(try bench.hub.hub.awaitWord("successful", "good-at-last") == Course.successful)
        #expect(try bench.node.link("recover") == 2)
        try bench.node.publisher.publishPolicy(bench.hub.hub, "below-the-floor", software: "1.9.0", allowDowngrade: true)
        #expect(try bench.hub.hub.awaitWord("no action required", "below-the-floor") == Course.started + ["no action required"])
        #expect(
            try bench.hub.hub.status("below-the-floor")?[member: "errorMessage"]?.string?.hasPrefix("downgrade refused here") == true)
        #expect(try bench.node.link("current") == 2)
    }

    /// The same fault at each request for the package's bytes.
    private func always(_ name: String, _ fault: Fault, _ reason: String) -> RefusalCase {
        RefusalCase(name, Self.downloadFailed, reason) {
            $0.proxy.add(FaultRule(fault, pathContains: Publisher.packageName + "/data"))
            try $0.good($1)
        }
    }
}
