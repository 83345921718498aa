import FaultServers
import FleetSimulation
import FoundationEssentials
import Synchronization
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// A true `uplift-exchange` in a scratch folder, with the calls of the people who run it.
final class RealHub: Sendable {
    static let org = "fleet"
    /// Where packages and the list of versions lie.
    private static let files = "IBM"
    private static let password = "scratch-password-of-one-run"
    private static let admin = "\(org)/admin"

    let port: UInt16
    let publisher: RealPublisher
    private let world: RealWorld
    private let process: RealProcess
    private let versions = Mutex<[String]>([])

    init(_ world: RealWorld, _ scratch: Scratch) throws {
        self.world = world
        publisher = try RealPublisher(world)
        let (folder, portFile) = (try scratch.folder("hub"), scratch.path + "/hub.port")
        let process = try RealProcess(
            [world.program("uplift-exchange"), "serve", "--root", folder, "--listen", "127.0.0.1:0", "--port-file", portFile],
            log: scratch.path + "/hub.log", environment: ["EXCHANGE_ROOT_PW": RealHub.password])
        self.process = process
        var found: UInt16?
        try Patience.wait("the start of uplift-exchange") {
            if let ended = process.ended { throw LiveFailure(.program, ended) }
            let text = try? String(contentsOfFile: portFile, encoding: .utf8)
            found = text.flatMap { UInt16($0.split(separator: "\n").first ?? "") }
            return found != nil
        }
        port = found ?? 0
        try call(
            "POST", "v1/" + HubPath.org(RealHub.org),
            ["label": "Fleet", "description": "", "heartbeatIntervals": ["minInterval": 0, "maxInterval": 0, "intervalAdjustment": 0]])
        try call(
            "POST", "v1/" + HubPath.user(RealHub.org, "admin"),
            ["password": .string(RealHub.password), "admin": true, "email": "admin@example.com"])
    }

    // MARK: Nodes

    func add(node: String, token: String) throws {
        try call(
            "PUT", "v1/" + HubPath.node(RealHub.org, node),
            ["token": .string(token), "name": .string(node), "nodeType": "device", "pattern": "", "publicKey": ""], user: RealHub.admin)
    }

    func addGroup(_ name: String, members: [String]) throws {
        try call(
            "POST", "v1/" + HubPath.org(RealHub.org) + "/hagroups/" + name, ["members": .array(members.map { .string($0) })],
            user: RealHub.admin)
    }

    /// A word that arrived.
    struct Word: Sendable {
        let policy: String
        let status: Status
        let reason: String
        /// The version of the software that it is about; empty = none.
        let target: String
        /// RFC 3339, always of one length.
        let at: String
    }

    /// The words that arrived from a node, in order.
    func history(of node: String) throws -> [Word] {
        let answer = try call("GET", "v1/" + HubPath.statusHistory(RealHub.org, node))
        return (answer?[member: "history"]?.array ?? []).compactMap { row in
            let body = row[member: "body"]?[member: "agentUpgradePolicyStatus"]
            guard let policy = row[member: "policy"]?.string?.split(separator: "/").last,
                let status = StatusWord.status(body?[member: "status"]?.string ?? "")
            else { return nil }
            return Word(
                policy: String(policy), status: status, reason: body?[member: "errorMessage"]?.string ?? "",
                target: body?[member: "upgradedVersions"]?[member: "softwareVersion"]?.string ?? "",
                at: row[member: "received"]?.string ?? "")
        }
    }

    /// The words that stand at the hub of a node now, by policy.
    func statuses(of node: String) throws -> [String: Status] {
        let path = "v1/" + HubPath.statuses(RealHub.org, node)
        guard let answer = try send("GET", path, nil, "application/json", passes: [404]) else { return [:] }
        let document = try JSONDecoder().decode(ManagementStatusesDocument.self, from: Data(answer))
        var words: [String: Status] = [:]
        for (policy, status) in document.managementStatus {
            guard let id = PolicyID(policy) else { continue }
            words[id.name] = StatusWord.status(status.agentUpgradePolicyStatus.status ?? "")
        }
        return words
    }

    // MARK: What people do

    /// A package lies here from now on, and its version is offered. Bytes that the hub would not take are spoilt on their way to the nodes.
    /// - Returns: what must be done to every answer.
    func offer(_ build: Build) throws -> FaultRule? {
        let package = RealPackage(build, program: world.program("upliftd")).bytes
        let object = (type: "agent_software_files-\(build.version)", id: RealPackage.name)
        let signature: DetachedSignature =
            switch build.damage {
            case .unsigned: DetachedSignature(hashAlgorithm: "", publicKey: "", signature: "")
            case .stranger: try RealPublisher(world).sign(package)
            case .corrupt, .short, .missing, .replayed, nil: try publisher.sign(package)
            }
        try put(RealHub.files, object.type, object.id, build.damage == .missing ? nil : package, package.count, signature)
        let offered = versions.withLock { versions in
            versions.append(build.version)
            return versions.map { JSONValue.string($0) }
        }
        try call(
            "PUT", "v1/" + HubPath.agentFileVersion,
            ["agentSoftwareVersions": .array(offered), "agentConfigVersions": [], "agentCertVersions": []])
        let path = HubPath.objectData(RealHub.files, object.type, object.id)
        return switch build.damage {
        case .corrupt: FaultRule(.flipBit(atByte: package.count / 2), pathContains: path)
        case .short: FaultRule(.truncate(toBytes: package.count * 2 / 3), pathContains: path)
        case .unsigned, .stranger, .missing, .replayed, nil: nil
        }
    }

    /// A policy, new or changed, with its manifest.
    func publish(_ rollout: Rollout, start: String, isNew: Bool) throws {
        let part: JSONValue = ["version": .string(rollout.software), "files": rollout.software.isEmpty ? [] : ["*"]]
        let empty: JSONValue = ["version": "", "files": []]
        let manifest = [UInt8](
            try JSONEncoder().encode(
                ["softwareUpgrade": part, "configurationUpgrade": empty, "certificateUpgrade": empty] as JSONValue))
        try put(RealHub.org, "agent_upgrade_manifests", rollout.policy, manifest, manifest.count, try publisher.sign(manifest))
        try call(
            isNew ? "POST" : "PUT", path(rollout.policy),
            [
                "label": .string(rollout.policy), "constraints": .array(rollout.constraints.map { .string($0) }), "enabled": true,
                "start": .string(start), "startWindow": 0,
                "agentUpgradePolicy": [
                    "manifest": .string("\(RealHub.org)/\(rollout.policy)"), "allowDowngrade": .bool(rollout.allowsDowngrade),
                ],
            ], user: RealHub.admin)
    }

    func disable(_ policy: String) throws {
        let found = try call("GET", path(policy))?[member: "managementPolicy"]?[member: "\(RealHub.org)/\(policy)"]
        guard let found else { throw LiveFailure(.program, "the hub does not know the policy \(policy)") }
        let read = try JSONDecoder().decode(NodeManagementPolicyDocument.self, from: try JSONEncoder().encode(found))
        var body = NodeManagementPolicyRequestDocument(read)
        body.enabled = false
        let value = try JSONDecoder().decode(JSONValue.self, from: try JSONEncoder().encode(body))
        try call("PUT", path(policy), value, user: RealHub.admin)
    }

    func remove(_ policy: String) throws { try call("DELETE", path(policy), user: RealHub.admin) }

    func reset(_ policy: String, _ node: String) throws {
        try call(
            "PUT", "v1/" + HubPath.status(RealHub.org, node, policy),
            ["agentUpgradePolicyStatus": ["scheduledTime": "2026-01-01T00:00:00Z", "status": "reset"]])
    }

    private func path(_ policy: String) -> String { "v1/" + HubPath.policy(PolicyID(org: RealHub.org, name: policy)) }

    // MARK: Calls

    /// Metadata, and the bytes unless there are none.
    private func put(
        _ org: String, _ type: String, _ id: String, _ bytes: [UInt8]?, _ count: Int, _ signature: DetachedSignature
    ) throws {
        let meta: JSONValue = [
            "objectID": .string(id), "objectType": .string(type), "destinationOrgID": .string(org), "public": true,
            "hashAlgorithm": .string(signature.hashAlgorithm), "publicKey": .string(signature.publicKey),
            "signature": .string(signature.signature), "objectSize": .number(Double(count)),
        ]
        try call("PUT", HubPath.object(org, type, id), ["meta": meta, "data": nil])
        if let bytes { try send("PUT", HubPath.objectData(org, type, id), bytes, "application/octet-stream") }
    }

    @discardableResult
    func call(_ method: String, _ path: String, _ body: JSONValue? = nil, user: String = "root/root") throws -> JSONValue? {
        let bytes = try body.map { [UInt8](try JSONEncoder().encode($0)) }
        let answer = try send(method, path, bytes, "application/json", user: user)
        return answer.flatMap { try? JSONDecoder().decode(JSONValue.self, from: Data($0)) }
    }

    /// The answer; nil for a status that passes. Errors: any other but 2xx.
    @discardableResult
    private func send(
        _ method: String, _ path: String, _ body: [UInt8]?, _ type: String, user: String = "root/root", passes: Set<Int> = []
    ) throws -> [UInt8]? {
        var request = HTTPRequest(method, "http://127.0.0.1:\(port)/\(path)")
        request.credentials = Credentials(id: user, secret: RealHub.password)
        request.headers = [("Content-Type", type)]
        if let body { request.body = .bytes(body) }
        let answer = try world.http.call(request)
        if passes.contains(answer.status) { return nil }
        guard (200...299).contains(answer.status) else {
            throw LiveFailure(
                .program, "\(method) \(path): HTTP \(answer.status) \(String(decoding: answer.body.prefix(400), as: UTF8.self))")
        }
        return answer.body
    }
}

/// Somebody who signs packages and manifests.
struct RealPublisher: Sendable {
    private let world: RealWorld
    private let pair: KeyPair

    init(_ world: RealWorld) throws {
        self.world = world
        pair = try world.keys.makeKeyPair()
    }

    var publicKey: String { pair.publicKeyPEM }

    func sign(_ bytes: [UInt8]) throws -> DetachedSignature {
        let running = world.makeDigest()
        running.update(bytes)
        guard let digest = running.current() else { throw LiveFailure(.program, "SHA-256 could not be made") }
        return try world.keys.sign(digest, privateKeyPEM: pair.privateKeyPEM)
    }
}
