import FoundationEssentials
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
        let good = SimPackage(version: build.version).bytes
        var data: [UInt8]? = good
        var record = ObjectRecord(length: Int64(good.count), signature: SimTrust.sign(good, by: SimTrust.key))
        switch build.damage {
        case .unsigned:
            record = ObjectRecord(
                length: record.length, signature: DetachedSignature(hashAlgorithm: "SHA256", publicKey: "", signature: ""))
        case .stranger: record = ObjectRecord(length: record.length, signature: SimTrust.sign(good, by: "a stranger"))
        case .corrupt: data?[good.count / 2] ^= 1
        case .short: data?.removeLast(good.count / 3)
        case .missing: data = nil
        case nil: break
        }
        let object = HubTables.Object(record: record, data: data, wireBytes: build.size, etag: "\"\(build.version)\"")
        hub.change { [object] tables in
            tables.objects["IBM/agent_software_files-\(build.version)/\(HubDesk.packageName)"] = object
            tables.versions.software.append(build.version)
            tables.note("agentfileversion")
        }
    }

    func carryOut(_ deed: ScenarioStep.Deed) {
        switch deed {
        case .publish(let rollout): publish(rollout)
        case .publishDocuments(let documents): publish(documents.stored(at: now), documents.manifest)
        case .disable(let policy): change(policy) { $0.enabled = false }
        case .remove(let policy):
            hub.change { tables in
                tables.policies.removeAll { $0.id.name == policy }
                for name in tables.nodes.keys { tables.nodes[name]?.statuses[PolicyID(org: FleetHub.org, name: policy)] = nil }
                tables.note("mgmtpolicy")
            }
        case .reset(let policy, let who): for node in nodes where who.contains(node) { reset(policy, node) }
        }
    }

    private func publish(_ rollout: Rollout) {
        let manifest = ManifestDocument(softwareUpgrade: ManifestPartDocument(version: rollout.software, files: ["*"]))
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
        inspector.wasReset(node.name)
        hub.change { tables in
            guard var row = tables.nodes[node.name] else { return }
            row.statuses[PolicyID(org: FleetHub.org, name: policy)] = .some(.reset)
            tables.note("nodemgmtpolstatus", for: &row)
            tables.nodes[node.name] = row
        }
    }
}
