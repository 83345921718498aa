import Foundation
import UpgradeModel
import UpgradePorts
import UpgradeTransfer
import UpgradeTrust
import UpgradeWire

/// A node in a scratch root with a real supervisor, agent and installer, and a publisher's key that it trusts.
final class TestNode: @unchecked Sendable {
    /// The root as this test sees it.
    let root: String
    /// The root as the node's own processes see it.
    private let inside: String
    /// Put before every command of the node: enters a namespace.
    private let prefix: [String]
    let name: String
    private let http = CurlHTTPCaller()
    private(set) var supervisor: Running?
    let publisher: Publisher

    /// Installs release 1 (version 1.0.0) and writes settings for quick tests.
    init(
        _ scratch: Scratch, hubURL: String, name: String = "node1", room: Room? = nil, program: TestPackage.Program = .debug,
        cargo: KillCargo = .nothing, settings: [String: String] = [:]
    ) throws {
        self.name = name
        inside = try room?.inside ?? scratch.folder(name)
        root = room?.outside ?? inside
        prefix = room?.prefix ?? (cargo == .deb ? NodePackages.prefix : [])
        publisher = try Publisher(scratch)
        let defaults = self.root + "/etc/default", conf = self.root + "/etc/uplift/trusted-keys.d"
        for folder in [defaults, conf] { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
        try publisher.publicKey.write(toFile: conf + "/test.pem", atomically: true, encoding: .utf8)
        try setHub(hubURL)
        var values = [
            "poll-interval-seconds": "0.2", "poll-interval-max-seconds": "0.2", "retry-first-delay-seconds": "0.2",
            "retry-delay-max-seconds": "0.5", "probe-pause-seconds": "0.3", "probe-timeout-seconds": "3",
        ]
        values.merge(settings) { $1 }
        let text = values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n") + "\n"
        try text.write(toFile: self.root + "/etc/uplift/test.conf", atomically: true, encoding: .utf8)
        let folder = try scratch.folder("first")
        if cargo == .deb { try NodePackages(root: root).begin("1.0.0", in: folder) }
        let package = try cargo.package(in: folder, version: "1.0.0", program: program)
        try tool(prefix + [Programs.path("upliftd"), "install", "--first", package, "--root", inside])
    }

    /// A place of its own for a node's root, such as a small file system.
    struct Room {
        let inside: String
        let outside: String
        let prefix: [String]
    }

    deinit { stop() }

    var state: String { root + "/var/lib/uplift" }

    /// Where the node finds its hub, in the lowest layer of settings.
    func setHub(_ url: String) throws {
        try "HZN_EXCHANGE_URL=\(url)/v1\nHZN_FSS_CSSURL=\(url)\nHZN_AGBOT_URL=\(url)\nHZN_AGENT_PORT=0\n".write(
            toFile: root + "/etc/default/horizon", atomically: true, encoding: .utf8)
    }

    /// Enters through the boot path.
    func start(environment: [String: String] = [:], awaitAgent: Bool = true) throws {
        let command = prefix + [inside + "/var/lib/uplift/recover/software/bin/upliftd", "supervise", "--root", inside]
        supervisor = try Running(command[0], Array(command.dropFirst()), log: logFile, environment: environment)
        if awaitAgent { try eventually("an answer of the agent") { try evidence().release > 0 } }
    }

    func stop() {
        supervisor?.stop()
        supervisor = nil
    }

    // MARK: Local API

    func local(_ method: String, _ path: String, _ body: JSONValue? = nil) throws -> (status: Int, body: JSONValue?) {
        var request = HTTPRequest(method, "http://localhost/" + path)
        request.socketPath = root + "/run/uplift/agent.sock"
        request.timeout = .seconds(20)
        if let body { request.body = .bytes([UInt8](try JSONEncoder().encode(body))) }
        let answer = try http.call(request)
        return (answer.status, try? JSONDecoder().decode(JSONValue.self, from: Data(answer.body)))
    }

    func evidence() throws -> AgentEvidence {
        var request = HTTPRequest("GET", "http://localhost/upgrade/evidence")
        request.socketPath = root + "/run/uplift/agent.sock"
        request.timeout = .seconds(5)
        return try JSONDecoder().decode(AgentEvidence.self, from: Data(try http.call(request).body))
    }

    /// Registers with the hub: the node is created there by the admin, then the agent completes it.
    func register(_ hub: TestHub, pattern: String = "") throws {
        let token = "token-of-\(name)-0123456789"
        try hub.call(
            "PUT", "v1/orgs/demo/nodes/\(name)",
            ["token": .string(token), "name": .string(name), "nodeType": "device", "pattern": "", "publicKey": ""],
            user: "demo/admin")
        let known = try local(
            "POST", "node", ["id": .string(name), "organization": "demo", "token": .string(token), "pattern": .string(pattern)])
        guard known.status == 201 else { throw Trouble("POST /node: \(known)") }
        let configured = try local("PUT", "node/configstate", ["state": "configured"])
        guard configured.status == 201 else { throw Trouble("PUT /node/configstate: \(configured)") }
    }

    /// The word that the node itself shows for a policy.
    func word(_ policy: String) throws -> String? {
        try local("GET", "nodemanagement/status/demo/\(policy)").body?[member: "demo/\(policy)"]?[member: "agentUpgradePolicyStatus"]?[
            member: "status"]?.string
    }

    func explanation(_ policy: String) throws -> JSONValue? {
        try local("GET", "nodemanagement/status/demo/\(policy)").body?[member: "demo/\(policy)"]
    }

    // MARK: Disk and processes

    /// The release number that a link names.
    func link(_ name: String) throws -> Int? {
        Int((try FileManager.default.destinationOfSymbolicLink(atPath: state + "/" + name)).split(separator: "/").last ?? "")
    }

    /// The version that `current` holds on disk.
    func currentVersion() throws -> String? {
        let data = try Data(contentsOf: URL(fileURLWithPath: state + "/current/software/upgrade-package.json"))
        return try JSONDecoder().decode(JSONValue.self, from: data)[member: "version"]?.string
    }

    /// The children of the supervisor by what they do: `run`, `install`, `recover`.
    func children(_ command: String) -> [Int32] {
        guard let supervisor else { return [] }
        return Processes.all().filter { $0.parent == supervisor.pid && $0.command.contains(command) }.map(\.pid)
    }

    var agentPID: Int32? { children("run").first }
    var installerPID: Int32? { (children("install") + children("recover")).first }

    func log() -> String { (try? String(contentsOfFile: logFile, encoding: .utf8)) ?? "" }

    private var logFile: String { inside + ".log" }

    /// Every file of a release with its digest, to see that nothing touched it.
    func fingerprint(release: Int) throws -> String {
        try tool(["sh", "-c", "cd '\(state)/releases/\(release)' && find . -type f ! -name 'agent.db*' | LC_ALL=C sort | xargs sha256sum"])
    }
}

/// Signs and publishes packages, manifests and policies.
final class Publisher: @unchecked Sendable {
    let publicKey: String
    private let pair: KeyPair
    private let scratch: Scratch

    init(_ scratch: Scratch) throws {
        self.scratch = scratch
        pair = try LiveKeyMaker().makeKeyPair()
        publicKey = pair.publicKeyPEM
    }

    func signature(of file: String) throws -> DetachedSignature {
        let running = LiveDigest()
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
        while let bytes = try handle.read(upToCount: 1 << 20), !bytes.isEmpty { running.update([UInt8](bytes)) }
        guard let digest = running.current() else { throw Trouble("no digest") }
        return try LiveKeyMaker().sign(digest, privateKeyPEM: pair.privateKeyPEM)
    }

    /// Uploads a package as the agent software of a version and lists the version.
    func publishSoftware(_ hub: TestHub, version: String, file: String, signature: DetachedSignature? = nil) throws {
        try hub.put(
            org: "IBM", type: "agent_software_files-\(version)", id: Publisher.packageName, file: file,
            signature: try signature ?? self.signature(of: file))
    }

    /// Uploads a configuration or certificate.
    func publishSmall(_ hub: TestHub, _ component: Component, version: String, text: String, stamp: String? = nil) throws {
        let line = stamp ?? "# uplift: kind=\(component.rawValue) version=\(version)"
        let file = try scratch.folder("small") + "/\(UUID().uuidString)"
        try (line + "\n" + text).write(toFile: file, atomically: true, encoding: .utf8)
        let (type, name) =
            component == .configuration ? ("agent_config_files", "agent-install.cfg") : ("agent_cert_files", "agent-install.crt")
        try hub.put(org: "IBM", type: "\(type)-\(version)", id: name, file: file, signature: try signature(of: file))
    }

    /// Publishes a manifest and a policy that uses it.
    func publishPolicy(
        _ hub: TestHub, _ name: String, software: String? = nil, configuration: String? = nil, certificate: String? = nil,
        allowDowngrade: Bool = false, start: String = "now", constraints: [String] = []
    ) throws {
        func part(_ version: String?) -> JSONValue { ["version": .string(version ?? ""), "files": version == nil ? [] : ["*"]] }
        let manifest: JSONValue = [
            "softwareUpgrade": part(software), "configurationUpgrade": part(configuration), "certificateUpgrade": part(certificate),
        ]
        let file = try scratch.folder("manifests") + "/\(UUID().uuidString)"
        try JSONEncoder().encode(manifest).write(to: URL(fileURLWithPath: file))
        try hub.put(org: "demo", type: "agent_upgrade_manifests", id: "manifest-\(name)", file: file, signature: try signature(of: file))
        try hub.call(
            "POST", "v1/orgs/demo/managementpolicies/\(name)",
            [
                "label": .string(name), "constraints": .array(constraints.map { .string($0) }), "enabled": true, "start": .string(start),
                "startWindow": 0,
                "agentUpgradePolicy": ["manifest": .string("demo/manifest-\(name)"), "allowDowngrade": .bool(allowDowngrade)],
            ], user: "demo/admin")
    }

    static var packageName: String { "horizon-agent-linux-deb-\(TestPackage.machine).tar.gz" }
}
