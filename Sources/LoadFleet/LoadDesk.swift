import FleetSimulation
import FoundationEssentials
import Synchronization
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// The organization's administrator at the true hub: looks whether there is room, makes what a run needs, and takes all of it away again. None of
/// these calls is counted.
final class LoadDesk: Sendable {
    /// Something that was made, or may have been.
    private enum Made: Hashable {
        case node(String)
        case group(String)
        case policy(String)
        case object(type: String, id: String)
    }

    private let order: LoadOrder
    private let hub: LoadCalls
    private let made = Mutex<[Made]>([])

    init(_ order: LoadOrder, _ http: any HTTPCaller) { (self.order, hub) = (order, LoadCalls(order: order, http: http)) }

    private var org: String { order.org }

    // MARK: Before

    /// Errors: the hub is not there or refuses; names of this run exist; nodes or policies of others do, and nobody said that this is meant.
    func check() throws(LiveFailure) {
        let nodes = try names("nodes", "v1/" + HubPath.nodes(org)) { $0[member: "nodes"]?.object.map { Array($0.keys) } ?? [] }
        let policies = try names("policies", "v1/" + HubPath.policies(org)) {
            $0[member: "managementPolicy"]?.object.map { Array($0.keys) } ?? []
        }
        let groups = try names("groups", "v1/" + HubPath.org(org) + "/hagroups") {
            ($0[member: "nodeGroups"]?.array ?? []).compactMap { $0[member: "name"]?.string }
        }
        let objects = try names("objects", HubPath.objects(org) + "?filters=true") { answer in
            (answer.array ?? []).flatMap { [$0[member: "objectType"]?.string, $0[member: "objectID"]?.string].compactMap { $0 } }
        }
        if let taken = (nodes + policies + groups + objects).sorted().first(where: { $0.hasPrefix(order.prefix) }) {
            throw LiveFailure(
                .order,
                "\(org) has '\(taken)' already: another run with this seed goes on there, or left it behind; wait for it, remove what "
                    + "begins with \(order.prefix), or take another --seed")
        }
        let others = (nodes + policies).filter { !$0.hasPrefix("load-") }
        guard others.isEmpty || order.isSure else {
            throw LiveFailure(
                .order,
                "\(org) at \(order.url) has \(nodes.count) nodes and \(policies.count) policies that are not of this run, such as "
                    + "'\(others.sorted()[0])': a load is no guest among them; use an organization of its own, or say --yes")
        }
    }

    /// Bare names, without the organization.
    private func names(_ what: String, _ path: String, _ read: (JSONValue) -> [String]) throws(LiveFailure) -> [String] {
        let answer = try hub.send("GET", path, nil, passes: [404])
        guard answer.status != 404 else { return [] }
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(answer.body)) else {
            throw LiveFailure(.hub, "GET \(order.url)/\(path): the list of \(what) is no JSON; is \(order.url) an exchange?")
        }
        return read(value).map { $0.hasPrefix(org + "/") ? String($0.dropFirst(org.count + 1)) : $0 }
    }

    // MARK: What is made

    func put(_ item: LoadShelf.Item) throws(LiveFailure) {
        let length = item.wire.isEmpty ? item.object.record.length : Int64(item.wire.count)
        let meta: JSONValue = [
            "objectID": .string(item.id), "objectType": .string(item.type), "destinationOrgID": .string(org),
            "public": .bool(item.type.hasPrefix(order.prefix)), "hashAlgorithm": .string(item.signature.hashAlgorithm),
            "publicKey": .string(item.signature.publicKey), "signature": .string(item.signature.signature),
            "objectSize": .number(Double(length)),
        ]
        remember(.object(type: item.type, id: item.id))
        try hub.call("PUT", HubPath.object(org, item.type, item.id), ["meta": meta, "data": nil])
        if !item.wire.isEmpty {
            _ = try hub.send("PUT", HubPath.objectData(org, item.type, item.id), item.wire, "application/octet-stream")
        }
    }

    /// A node with its policy, which says of which run it is.
    func register(_ node: String, token: String, _ policy: NodePolicyDocument) throws(LiveFailure) {
        remember(.node(node))
        try hub.call(
            "PUT", "v1/" + HubPath.node(org, node),
            ["token": .string(token), "name": .string(node), "nodeType": "device", "pattern": "", "publicKey": ""])
        try hub.call("PUT", "v1/" + HubPath.nodePolicy(org, node), document: policy)
    }

    func addGroup(_ name: String, members: [String]) throws(LiveFailure) {
        remember(.group(name))
        try hub.call("POST", groupPath(name), ["members": .array(members.map { .string($0) })])
    }

    func publish(_ name: String, _ policy: NodeManagementPolicyRequestDocument) throws(LiveFailure) {
        let isNew = remember(.policy(name))
        try hub.call(isNew ? "POST" : "PUT", policyPath(name), document: policy)
    }

    func remove(policy: String) throws(LiveFailure) {
        try hub.call("DELETE", policyPath(policy))
        made.withLock { $0.removeAll { $0 == .policy(policy) } }
    }

    func reset(_ policy: String, of node: String) throws(LiveFailure) {
        try hub.call(
            "PUT", "v1/" + HubPath.status(org, node, policy),
            ["agentUpgradePolicyStatus": ["scheduledTime": "2026-01-01T00:00:00Z", "status": "reset"]])
    }

    /// The words that the hub has of a node, by policy.
    func statuses(of node: String) throws(LiveFailure) -> [String: Status] {
        let answer = try hub.send("GET", "v1/" + HubPath.statuses(org, node), nil, passes: [404])
        guard answer.status != 404 else { return [:] }
        guard let document = try? JSONDecoder().decode(ManagementStatusesDocument.self, from: Data(answer.body)) else {
            throw LiveFailure(
                .hub, "GET \(order.url)/v1/\(HubPath.statuses(org, node)): the answer holds no statuses; is \(order.url) an exchange?")
        }
        var words: [String: Status] = [:]
        for (policy, status) in document.managementStatus {
            guard let id = PolicyID(policy) else { continue }
            words[id.name] = StatusWord.status(status.agentUpgradePolicyStatus.status ?? "")
        }
        return words
    }

    private func policyPath(_ policy: String) -> String { "v1/" + HubPath.policy(PolicyID(org: org, name: policy)) }

    private func groupPath(_ group: String) -> String { "v1/" + HubPath.org(org) + "/hagroups/" + HubPath.segment(group) }

    /// Before it is made: one whose answer is lost is there. False when it was made before.
    @discardableResult
    private func remember(_ thing: Made) -> Bool {
        made.withLock { made in
            // Nodes are made once each, and there are many.
            if case .node = thing {} else if made.contains(thing) { return false }
            made.append(thing)
            return true
        }
    }

    // MARK: After

    /// Takes everything away, the last that was made first.
    /// - Returns: what could not be, each with the reason.
    func cleanUp() -> [String] {
        let all = made.withLock { made in
            defer { made = [] }
            return made
        }
        let nodes = all.filter { if case .node = $0 { true } else { false } }
        let others = all.filter { if case .node = $0 { false } else { true } }
        // Policies before nodes: a job that nobody sees any more must not begin.
        var failures: [LiveFailure] = []
        let patience = LoadPatience()
        for thing in others.reversed() { do throws(LiveFailure) { try remove(thing, patience) } catch { failures.append(error) } }
        failures += InParallel.each(nodes) { [self] thing throws(LiveFailure) in try remove(thing, patience) }
        return failures.map(\.explanation).sorted()
    }

    private func remove(_ thing: Made, _ patience: LoadPatience) throws(LiveFailure) {
        let path =
            switch thing {
            case .node(let name): "v1/" + HubPath.node(org, name)
            case .group(let name): groupPath(name)
            case .policy(let name): policyPath(name)
            case .object(let type, let id): HubPath.object(org, type, id)
            }
        _ = try patience.trying("DELETE \(order.url)/\(path)") { () throws(LiveFailure) in
            try hub.send("DELETE", path, nil, passes: [404])
        }
    }
}
