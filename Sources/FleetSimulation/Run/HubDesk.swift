import ExchangeModel
import FoundationEssentials
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// What people do at the hub: they offer builds, publish policies, and change their minds.
struct HubDesk {
    private static let packageName = "horizon-agent-linux-deb-\(SimPackage.architecture).tar.gz"

    let hub: FleetHub
    let inspector: Inspector
    let nodes: [FleetNode]

    /// A package lies at the hub from now on, and its version is offered.
    func offer(_ build: Build) {
        let good = SimPackage(version: build.damage == .replayed ? "0.1.0" : build.version, trap: build.trap).bytes
        let object = HubDesk.object(good, build.damage, wireBytes: build.size, etag: build.version)
        put(object, HubDesk.place(build.version)) { $0.software.append(build.version) }
    }

    /// The same for a configuration or certificate.
    func offer(_ file: HubFile) {
        let good = SimPackage.bytes(of: file)
        let object = HubDesk.object(good, file.damage, wireBytes: Int64(good.count), etag: "\(file.component.rawValue) \(file.version)")
        switch file.component {
        case .configuration:
            put(object, "IBM/agent_config_files-\(file.version)/\(ManifestFilesRule.configurationFile)") {
                $0.configuration.append(file.version)
            }
        case .certificate:
            put(object, "IBM/agent_cert_files-\(file.version)/\(ManifestFilesRule.certificateFile)") { $0.certificate.append(file.version) }
        case .software: break
        }
    }

    /// Another edition of a version takes the place of the first.
    private func replace(_ version: String) {
        let size = hub.change { $0.objects[HubDesk.place(version)]?.wireBytes } ?? 0
        inspector.replaced(version)
        let good = SimPackage(version: version, edition: 2).bytes
        put(HubDesk.object(good, nil, wireBytes: size, etag: "\(version) again"), HubDesk.place(version)) { _ in }
    }

    private static func place(_ version: String) -> String { "IBM/agent_software_files-\(version)/\(packageName)" }

    private func put(_ object: HubTables.Object, _ place: String, _ offer: @Sendable (inout PerComponent<[String]>) -> Void) {
        hub.change { [object] tables in
            tables.objects[place] = object
            offer(&tables.versions)
            tables.note("agentfileversion")
        }
    }

    private static func object(_ good: [UInt8], _ damage: Build.Damage?, wireBytes: Int64, etag: String) -> HubTables.Object {
        var data: [UInt8]? = good
        var signature = SimTrust.sign(good, by: SimTrust.key)
        switch damage {
        case .unsigned: signature = DetachedSignature(hashAlgorithm: "SHA256", publicKey: "", signature: "")
        case .stranger: signature = SimTrust.sign(good, by: "a stranger")
        case .corrupt: data?[good.count / 2] ^= 1
        case .short: data?.removeLast(good.count / 3)
        case .missing: data = nil
        case .replayed, nil: break
        }
        return HubTables.Object(
            record: ObjectRecord(length: Int64(good.count), signature: signature), data: data, wireBytes: wireBytes, etag: "\"\(etag)\"")
    }

    func carryOut(_ deed: ScenarioStep.Deed) {
        switch deed {
        case .publish(let rollout): publish(rollout)
        case .publishDocuments(let documents): publish(documents.stored(at: now), documents.manifest)
        case .disable(let policy): change(policy) { $0.enabled = false }
        case .remove(let policy):
            hub.change { tables in
                tables.policies.removeAll { $0.id.name == policy }
                for index in tables.nodes.indices { tables.nodes[index].statuses[PolicyID(org: FleetHub.org, name: policy)] = nil }
                for (group, turn) in tables.turns where turn.policy == policy {
                    inspector.learn(turn.node) { $0.hasLostTurn = true }
                    tables.turns[group] = nil
                }
                tables.note("mgmtpolicy")
            }
        case .reset(let policy, let who): for node in nodes where who.contains(node.name) { reset(policy, node) }
        case .replace(let version): replace(version)
        case .hold(let who):
            for node in nodes where who.contains(node.name) { node.ask("PUT", "nodemanagement/hold", #"{"by":"op","reason":"audit"}"#) }
        case .unhold(let who):
            for node in nodes where who.contains(node.name) {
                node.ask("DELETE", "nodemanagement/hold") { [inspector] in inspector.isBusy(node) }
            }
        case .unregister(let who):
            for node in nodes where who.contains(node.name) {
                inspector.isLeaving(node.name)
                node.ask("DELETE", "node") { [inspector] in inspector.wasUnregistered(node.name) }
            }
        }
    }

    private func publish(_ rollout: Rollout) {
        let manifest = ManifestDocument(
            softwareUpgrade: .every(rollout.software), certificateUpgrade: .every(rollout.certificate),
            configurationUpgrade: .every(rollout.configuration))
        publish(
            NodeManagementPolicy(
                id: PolicyID(org: FleetHub.org, name: rollout.policy), constraints: rollout.constraints,
                start: rollout.start.map { hub.time(at: $0).rfc3339() } ?? "now",
                startWindowSeconds: Int(rollout.window.components.seconds), manifest: "\(FleetHub.org)/\(rollout.policy)",
                allowDowngrade: rollout.allowsDowngrade, lastUpdated: now), manifest)
    }

    private func publish(_ policy: NodeManagementPolicy, _ manifest: ManifestDocument) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let bytes = (try? encoder.encode(manifest)).map { [UInt8]($0) } ?? []
        let object = HubTables.Object(
            record: ObjectRecord(length: Int64(bytes.count), signature: SimTrust.sign(bytes, by: SimTrust.key)), data: bytes,
            wireBytes: Int64(bytes.count), etag: "")
        // A bare name is one in the policy's own org, as for the agent.
        let name = PolicyID(policy.manifest) ?? PolicyID(org: FleetHub.org, name: policy.manifest)
        inspector.published(policy)
        hub.change { tables in
            tables.objects["\(name.org)/agent_upgrade_manifests/\(name.name)"] = object
            tables.policies.removeAll { $0.id == policy.id }
            tables.policies.append(policy)
            tables.policies.sort { $0.id < $1.id }
            tables.note("mgmtpolicy")
        }
    }

    private var now: String { hub.time(at: hub.now).rfc3339(fractionDigits: 6) }

    private func change(_ name: String, _ body: @Sendable (inout NodeManagementPolicy) -> Void) {
        let now = now
        hub.change { tables in
            guard let index = tables.policies.firstIndex(where: { $0.id.name == name }) else { return }
            body(&tables.policies[index])
            tables.policies[index].lastUpdated = now
            tables.note("mgmtpolicy")
        }
    }

    private func reset(_ policy: String, _ node: FleetNode) {
        let id = PolicyID(org: FleetHub.org, name: policy)
        guard hub.change({ $0.nodes[node.number].statuses[id] }) != nil else { return }
        inspector.wasReset(node.name, id)
        hub.change { tables in
            var row = tables.nodes[node.number]
            row.statuses[id] = .some(.reset)
            tables.note("nodemgmtpolstatus", for: &row)
            tables.nodes[node.number] = row
        }
    }
}

extension ManifestPartDocument {
    /// All files of a version.
    fileprivate static func every(_ version: String) -> ManifestPartDocument {
        .init(version: version, files: version.isEmpty ? [] : ["*"])
    }
}
