import FaultServers
import Foundation
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeTrust
import UpgradeWire

/// One upgrade that a node must refuse: how it is published, and what the exchange must have received in the end.
struct RefusalCase {
    let name: String
    let words: [String]
    /// The reason must contain this.
    let reason: String
    let publish: (RefusalBench, String) throws -> Void

    init(_ name: String, _ words: [String], _ reason: String, _ publish: @escaping (RefusalBench, String) throws -> Void) {
        self.name = name
        self.words = words
        self.reason = reason
        self.publish = publish
    }
}

/// A node whose hub speaks through a fault proxy and a metadata editor; refusals leave no trace on it, so many share one.
final class RefusalBench {
    let hub: HubBench
    let editor: MetadataEditor
    let proxy: FaultProxy
    /// A key that the node does not trust.
    let stranger: Publisher
    private let fingerprint: String
    private var minor = 0

    init(settings: [String: String] = [:]) throws {
        let bench = try HubBench(settings: ["retry-tries": "3", "allow-downgrade": "no"].merging(settings) { $1 })
        hub = bench
        editor = try MetadataEditor(hubURL: bench.hub.url)
        proxy = try FaultProxy(upstreamPort: UInt16(editor.port))
        stranger = try Publisher(bench.scratch)
        // The address is read at the start of the agent.
        try bench.node.setHub(proxy.url)
        try bench.restart()
        fingerprint = try bench.node.fingerprint(release: 1)
    }

    var node: TestNode { hub.node }

    /// A version that nobody used before.
    func freshVersion() -> String {
        minor += 1
        return "1.5.\(minor)"
    }

    /// Runs the cases one after the other; what fails in one does not hide the others.
    func run(_ cases: [RefusalCase]) {
        for each in cases {
            do { try run(each) } catch { Issue.record("\(each.name): \(error)") }
        }
    }

    private func run(_ each: RefusalCase) throws {
        let policy = each.name.replacing(" ", with: "-")
        try each.publish(self, policy)
        let words = try hub.hub.awaitWord(each.words.last ?? "", policy, within: 60)
        #expect(words == each.words, "\(each.name)")
        let reason = try hub.hub.status(policy)?[member: "errorMessage"]?.string ?? ""
        #expect(each.reason.isEmpty || reason.contains(each.reason), "\(each.name): '\(reason)' should contain '\(each.reason)'")
        #expect(!reason.contains("\n") && reason.utf8.count < 600, "\(each.name): not one sentence: \(reason)")
        try expectUntouched(each.name)
        proxy.clearRules()
        try hub.deletePolicy(policy)
        try hub.awaitVanished(policy)
    }

    /// The live release is what it was, and nothing of the attempt is left.
    func expectUntouched(_ what: String) throws {
        try hub.awaitNoJobFolder()
        #expect(try node.link("current") == 1, "\(what)")
        #expect(try node.link("recover") == 1, "\(what)")
        #expect(try node.fingerprint(release: 1) == fingerprint, "\(what): release 1 was touched")
        let releases = try FileManager.default.contentsOfDirectory(atPath: node.state + "/releases")
        #expect(releases == ["1"], "\(what)")
        #expect(try node.evidence().release == 1, "\(what)")
    }

    // MARK: Publishing

    /// A file as the software of a version, with its policy.
    func software(_ policy: String, _ version: String, file: String, signature: DetachedSignature? = nil) throws {
        try node.publisher.publishSoftware(hub.hub, version: version, file: file, signature: signature)
        try node.publisher.publishPolicy(hub.hub, policy, software: version)
    }

    /// A whole good package under a fresh version.
    func good(_ policy: String, signature: DetachedSignature? = nil) throws {
        let version = freshVersion()
        let file = try TestPackage.make(in: try folder(), version: version)
        try software(policy, version, file: file, signature: signature)
    }

    /// An archive of raw entries under a fresh version, its descriptor right unless given.
    func archive(_ policy: String, descriptor: ((String) -> String?)? = nil, entries: [[UInt8]] = []) throws {
        let version = freshVersion()
        let text = if let descriptor { descriptor(version) } else { HostilePackage.descriptor(version) }
        try software(policy, version, file: try HostilePackage.make(in: try folder(), descriptor: text, entries: entries))
    }

    /// Bytes that need not be an archive.
    func bytes(_ policy: String, _ bytes: [UInt8]) throws {
        let file = try folder() + "/\(UUID().uuidString)"
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        try software(policy, freshVersion(), file: file)
    }

    func folder() throws -> String { try hub.scratch.folder("packages") }

    static let unsigned = DetachedSignature(hashAlgorithm: "", publicKey: "", signature: "")
}
