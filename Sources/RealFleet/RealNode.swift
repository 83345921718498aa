import FaultServers
import FleetSimulation
import FoundationEssentials
import Synchronization
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// A node in a scratch root: a true supervisor, its agents and installers, and a fault proxy on the way to the hub.
final class RealNode: Sendable {
    /// Waiting times are made short; what a scenario says about anything else holds.
    private static let quick = [
        "poll-interval-seconds": "0.2", "poll-interval-max-seconds": "0.2", "retry-first-delay-seconds": "0.2",
        "retry-delay-max-seconds": "0.5", "probe-pause-seconds": "0.3", "probe-timeout-seconds": "3", "turn-pause-seconds": "0.3",
    ]

    let name: String
    let group: NodeGroup
    let proxy: FaultProxy
    private let root: String
    private let http: any HTTPCaller
    private let supervisor = Mutex<RealProcess?>(nil)

    /// Installs the group's first version and starts it.
    init(_ name: String, _ group: NodeGroup, _ world: RealWorld, _ scratch: Scratch, _ hub: RealHub) throws {
        (self.name, self.group, http) = (name, group, world.http)
        proxy = try FaultProxy(upstreamPort: hub.port)
        root = try scratch.folder(name)
        try configure(publicKey: hub.publisher.publicKey)
        let package = scratch.path + "/\(name).first.tar"
        try Scratch.write(RealPackage(Build(version: group.version), program: world.program("upliftd")).bytes, to: package)
        let log = scratch.path + "/\(name).log"
        try RealProcess([world.program("upliftd"), "install", "--first", package, "--root", root], log: log)
            .finish("the first installation of \(name)")
        // A node boots through its last committed release.
        let entry = root + "/var/lib/uplift/recover/software/bin/upliftd"
        let process = try RealProcess([entry, "supervise", "--root", root], log: log)
        supervisor.withLock { $0 = process }
        try Patience.wait("an answer of the agent of \(name)") {
            if let ended = process.ended { throw LiveFailure(.program, ended) }
            return try local("GET", "upgrade/evidence").status == 200
        }
    }

    private func configure(publicKey: String) throws {
        try Scratch.write(Array(publicKey.utf8), to: root + "/etc/uplift/trusted-keys.d/fleet.pem")
        let hub = "HZN_EXCHANGE_URL=\(proxy.url)/v1\nHZN_FSS_CSSURL=\(proxy.url)\nHZN_AGBOT_URL=\(proxy.url)\nHZN_AGENT_PORT=0\n"
        try Scratch.write(Array(hub.utf8), to: root + "/etc/default/horizon")
        let own = group.settings.map { ($0.key.rawValue, $0.value) }.filter { !$0.0.hasSuffix("-seconds") && !$0.0.hasSuffix("-hours") }
        let settings = RealNode.quick.merging(own) { $1 }.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }.joined()
        try Scratch.write(Array(settings.utf8), to: root + "/etc/uplift/fleet.conf")
    }

    /// As a person registers it.
    func register(_ hub: RealHub) throws {
        let token = "token-of-\(name)-0123456789"
        try hub.add(node: name, token: token)
        let known = try local(
            "POST", "node", ["id": .string(name), "organization": .string(RealHub.org), "token": .string(token), "pattern": ""])
        let configured = try local("PUT", "node/configstate", ["state": "configured"])
        guard known.status == 201, configured.status == 201 else {
            throw LiveFailure(.program, "\(name) could not be registered: HTTP \(known.status) and \(configured.status)")
        }
        guard !group.properties.isEmpty || !group.constraints.isEmpty else { return }
        let policy = NodePolicyDocument(properties: group.properties.map(\.document), constraints: group.constraints)
        let value = try JSONDecoder().decode(JSONValue.self, from: try JSONEncoder().encode(policy))
        try hub.call("PUT", "v1/" + HubPath.nodePolicy(RealHub.org, name), value)
    }

    private func local(_ method: String, _ path: String, _ body: JSONValue? = nil) throws -> HTTPResponse {
        var request = HTTPRequest(method, "http://localhost/" + path)
        request.socketPath = root + "/run/uplift/agent.sock"
        if let body { request.body = .bytes([UInt8](try JSONEncoder().encode(body))) }
        return try http.call(request)
    }

    // MARK: What happens to it

    /// Agent and installer are killed; the supervisor goes on.
    func kill() { supervisor.withLock { $0 }?.killChildren() }

    func end() {
        supervisor.withLock { process in
            process?.end()
            process = nil
        }
    }

    /// How often it asked for news.
    var polls: Int { proxy.requests.count { $0.target.hasSuffix("/changes") } }

    // MARK: Its disk

    /// The version of the release that a link names; nil when there is none.
    func version(_ link: String) -> String? {
        let file = root + "/var/lib/uplift/\(link)/software/upgrade-package.json"
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: file)) else { return nil }
        return (try? JSONDecoder().decode(JSONValue.self, from: data))?[member: "version"]?.string
    }
}

extension Property {
    fileprivate var document: PropertyDocument {
        let value: JSONValue =
            switch value {
            case .bool(let flag): .bool(flag)
            case .number(let number): .number(number)
            case .string(let text): .string(text)
            case .other: .null
            }
        return PropertyDocument(name: name, type: type, value: value)
    }
}
