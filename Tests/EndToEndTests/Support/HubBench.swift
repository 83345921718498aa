import FaultServers
import Foundation
import UpgradeModel
import UpgradePorts
import UpgradeTransfer
import UpgradeTrust
import UpgradeWire

/// A hub, a fault proxy in front of it if wanted, and a registered node: with the questions that tests about hub, refusals and policies ask.
final class HubBench: @unchecked Sendable {
    let scratch = Scratch()
    let hub: TestHub
    let proxy: FaultProxy?
    let node: TestNode
    /// The file that a fail point makes, and whose removal lets the installer go on.
    let holdFile: String

    /// - Parameters:
    ///   - proxied: node and hub speak through a fault proxy.
    ///   - hold: journal record at which every installer of this node waits.
    init(proxied: Bool = false, settings: [String: String] = [:], hold: String? = nil) throws {
        hub = try TestHub(scratch)
        proxy = proxied ? try FaultProxy(upstreamPort: UInt16(hub.port)) : nil
        node = try TestNode(scratch, hubURL: proxy?.url ?? hub.url, settings: settings)
        holdFile = scratch.path + "/hold"
        try start(hold: hold)
        try node.register(hub)
    }

    deinit { node.stop() }

    /// Starts the node, its installers waiting at a record if wanted.
    func start(hold: String? = nil, awaitAgent: Bool = true) throws {
        try node.start(environment: ["UPLIFT_FAILPOINT": hold.map { "\($0):\(holdFile)" } ?? ""], awaitAgent: awaitAgent)
    }

    /// Stops the node as a shutdown does, and boots it again.
    func restart(hold: String? = nil) throws {
        node.stop()
        try? FileManager.default.removeItem(atPath: holdFile)
        try start(hold: hold)
    }

    /// Waits until an installer stands at the fail point.
    func awaitHold() throws {
        try eventually("an installer at the fail point", within: 90) { FileManager.default.fileExists(atPath: holdFile) }
    }

    /// Lets the installer go on.
    func release() throws { try FileManager.default.removeItem(atPath: holdFile) }

    // MARK: Publishing

    /// A package of this version, signed by the trusted key.
    func publish(_ version: String, health: String? = #"["bin/upliftd","selftest"]"#, deadline: Double = 30, ballast: Int = 0) throws {
        let file = try TestPackage.make(
            in: try scratch.folder("packages"), version: version, health: health, deadline: deadline, ballast: ballast)
        try node.publisher.publishSoftware(hub, version: version, file: file)
        try FileManager.default.removeItem(atPath: file)
    }

    /// Uploads a manifest; without `signature` signed by the trusted key.
    func publishManifest(_ id: String, _ text: String, signature: DetachedSignature? = nil) throws {
        let file = try scratch.folder("manifests") + "/\(UUID().uuidString)"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        try hub.put(
            org: "demo", type: "agent_upgrade_manifests", id: id, file: file,
            signature: try signature ?? node.publisher.signature(of: file))
    }

    /// The text of a manifest for software alone.
    static func manifest(_ version: String, files: String = #"["*"]"#) -> String {
        """
        {"softwareUpgrade":{"version":"\(version)","files":\(files)},"configurationUpgrade":{"version":"","files":[]},\
        "certificateUpgrade":{"version":"","files":[]}}
        """
    }

    /// Creates (`POST`) or edits (`PUT`) a policy.
    func policy(
        _ name: String, manifest: String, method: String = "POST", enabled: Bool = true, start: String = "now",
        constraints: [String] = [], allowDowngrade: Bool = false
    ) throws {
        try hub.call(
            method, "v1/" + HubPath.policy(PolicyID(org: "demo", name: name)),
            [
                "label": .string(name), "constraints": .array(constraints.map { .string($0) }), "enabled": .bool(enabled),
                "start": .string(start), "startWindow": 0,
                "agentUpgradePolicy": ["manifest": .string("demo/" + manifest), "allowDowngrade": .bool(allowDowngrade)],
            ], user: "demo/admin")
    }

    func deletePolicy(_ name: String) throws {
        try hub.call("DELETE", "v1/" + HubPath.policy(PolicyID(org: "demo", name: name)), user: "demo/admin")
    }

    /// A reset that a person leaves at the exchange.
    func resetAtExchange(_ name: String) throws {
        try hub.call(
            "PUT", "v1/" + HubPath.status("demo", node.name, name),
            ["agentUpgradePolicyStatus": ["scheduledTime": "2026-01-01T00:00:00Z", "status": "reset"]])
    }

    // MARK: Questions

    /// The word that the node itself shows; nil when it knows no such status.
    func localWord(_ name: String) throws -> String? {
        try localStatus(name)?[member: "agentUpgradePolicyStatus"]?[member: "status"]?.string
    }

    /// The whole local status; nil when the node knows none.
    func localStatus(_ name: String) throws -> JSONValue? {
        let answer = try node.local("GET", "nodemanagement/status/demo/" + HubPath.segment(name))
        if answer.status == 404 { return nil }
        guard answer.status == 200 else { throw Trouble("status of \(name): \(answer)") }
        return answer.body?[member: "demo/\(name)"]
    }

    /// Waits until neither the node nor the exchange has a status for the policy.
    func awaitVanished(_ name: String) throws {
        try eventually("\(name) vanishing from the node") { try localStatus(name) == nil }
        try eventually("\(name) vanishing from the exchange") { try exchangeStatuses()["demo/\(name)"] == nil }
    }

    /// What the exchange holds for this node, by policy.
    func exchangeStatuses() throws -> [String: JSONValue] {
        guard let answer = try? hub.call("GET", "v1/" + HubPath.statuses("demo", node.name)) else { return [:] }
        return answer[member: "managementStatus"]?.object ?? [:]
    }

    /// Waits for the word at the node itself.
    func awaitLocal(_ word: String, _ name: String, within seconds: Double = 60) throws {
        var last: String?
        do {
            try eventually("'\(word)' of \(name) at the node", within: seconds) {
                last = try localWord(name)
                return last == word
            }
        } catch { throw Trouble("\(error); the node says \(last ?? "nothing")") }
    }

    /// Waits until no attempt has a folder any more.
    func awaitNoJobFolder() throws {
        try eventually("the end of all job folders", within: 20) { try jobFolders().isEmpty }
    }

    func jobFolders() throws -> [String] {
        let folder = node.state + "/jobs"
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder)
    }

    /// All versions that the node reported.
    func reportedVersions() throws -> JSONValue? {
        try hub.call("GET", "v1/" + HubPath.node("demo", node.name))?[member: "nodes"]?[member: "demo/\(node.name)"]?[
            member: "softwareVersions"]
    }
}

/// The words of the usual courses, as the exchange must have received them.
enum Course {
    static let started = ["waiting", "download started"]
    static let downloaded = started + ["downloaded"]
    static let initiated = downloaded + ["initiated"]
    static let successful = initiated + ["successful"]
    static let rolledBack = initiated + ["failed", "rollback started", "rollback successful"]

    /// A word whose answer was lost is sent again.
    static func withoutRepeats(_ words: [String]) -> [String] {
        words.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }
}
