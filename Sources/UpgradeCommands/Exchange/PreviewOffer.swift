import UpgradeCore
import UpgradeModel
import UpgradeWire

/// What a policy offers to the nodes that it matches.
struct PreviewOffer {
    private enum Content {
        /// The same for every node.
        case settled(PreviewRule.Outlook)
        case offer(PreviewRule.Offer)
    }

    private let content: Content
    private let policy: QualifiedName

    /// Reads the manifest, the listed versions and the files of the hub.
    init(of file: PolicyFile, _ policy: QualifiedName, hub: Hub) throws(CommandError) {
        self.policy = policy
        guard file.request.enabled == true else {
            content = .settled(.nothingToDo("the policy is not enabled"))
            return
        }
        guard let upgrade = file.request.agentUpgradePolicy else {
            content = .settled(.nothingToDo("the policy names no manifest"))
            return
        }
        let manifest = try QualifiedName(upgrade.manifest, org: policy.org)
        let document = try hub.objects("GET", HubPath.objectData(manifest.org, ManifestTypeOption.only, manifest.name))
            .success().read(ManifestDocument.self)
        let listed = try hub.document(AgentFileVersionDocument.self, HubPath.agentFileVersion) ?? AgentFileVersionDocument()
        let wanted: PerComponent<Version?>
        do throws(VersionResolutionError) {
            wanted = try VersionResolutionRule.resolve(
                PerComponent { document[$0].version }, available: PerComponent { listed[$0] })
        } catch {
            content = .settled(.never(error.explanation))
            return
        }
        content = .offer(
            PreviewRule.Offer(
                manifest: manifest.text, wanted: wanted, listed: PerComponent { document[$0].files }, files: try Self.files(hub),
                allowsDowngrade: upgrade.allowDowngrade))
    }

    /// What is to be expected of a node that matches.
    func outlook(for member: Fleet.Member, hub: Hub) throws(CommandError) -> PreviewRule.Outlook {
        switch content {
        case .settled(let outlook): return outlook
        case .offer(let offer):
            let path = HubPath.statuses(policy.org, Fleet.bareName(member.name, org: policy.org))
            let statuses = try hub.document(ManagementStatusesDocument.self, path)?.managementStatus ?? [:]
            return PreviewRule.outlook(for: node(member, statuses.mapValues(\.agentUpgradePolicyStatus)), offer)
        }
    }

    private static func files(_ hub: Hub) throws(CommandError) -> Set<PlannedFile> {
        Set(
            AgentFiles(try hub.objectList(AgentFileType.org)).all.map {
                PlannedFile(component: $0.type.component, version: $0.version, name: $0.name)
            })
    }

    private func node(_ member: Fleet.Member, _ statuses: [String: AgentUpgradePolicyStatusDocument]) -> PreviewRule.Node {
        let text = { (name: String) -> String? in
            guard case .string(let text) = member.policy.properties.first(where: { $0.name == name })?.value else { return nil }
            return text
        }
        let architecture = member.node.arch.isEmpty ? text("openhorizon.arch") ?? "" : member.node.arch
        let container = member.policy.properties.first { $0.name == "openhorizon.containerized" }?.value
        let current = member.node.softwareVersions
        return PreviewRule.Node(
            type: NodeType(rawValue: member.node.nodeType) ?? .device, architecture: architecture,
            operatingSystem: text("openhorizon.operatingSystem"), isContainerized: container == .bool(true),
            current: PerComponent(
                software: current.software ?? "", configuration: current.configuration ?? "", certificate: current.certificate ?? ""),
            status: statuses[policy.text]?.status ?? "", failed: Self.failed(statuses))
    }

    /// Software versions that did not prove themselves, each with the first policy by name that says so.
    private static func failed(_ statuses: [String: AgentUpgradePolicyStatusDocument]) -> [String: String] {
        var failed: [String: String] = [:]
        for (policy, status) in statuses.sorted(by: { $0.key < $1.key }) {
            guard let version = status.upgradedVersions?.softwareVersion, !version.isEmpty, failed[version] == nil,
                let word = StatusWord.status(status.status ?? ""),
                [.failed, .rollbackStarted, .rollbackSuccessful, .rollbackFailed].contains(word)
            else { continue }
            failed[version] = policy
        }
        return failed
    }
}

extension PerComponent {
    /// One value for each type of agent file.
    fileprivate init(_ value: (AgentFileType) -> Value) {
        self.init(software: value(.software), configuration: value(.configuration), certificate: value(.certificate))
    }
}
