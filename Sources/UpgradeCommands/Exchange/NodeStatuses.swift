import UpgradeWire

/// The statuses of a node, as the exchange knows them.
enum NodeStatuses {
    /// All of them, or that of one policy. Shape: `org/policy` → status.
    static func get(
        _ node: QualifiedName, policy: String?, _ access: ExchangeAccess
    ) throws(CommandError) -> [String: ManagementStatusDocument] {
        guard try access.hub.document(NodesDocument.self, HubPath.node(node.org, node.name))?.nodes[node.text] != nil else {
            throw CommandError(.notFound, "node '\(node.shown)' not found.")
        }
        let path = HubPath.statuses(node.org, node.name)
        let all = try access.hub.document(ManagementStatusesDocument.self, path)?.managementStatus ?? [:]
        guard let policy, !all.isEmpty else { return all }
        let name = try QualifiedName(policy, org: node.org)
        guard let status = all[name.text] else {
            throw CommandError(
                .notFound,
                "Node \(Shown.text(node.name)) does not contain a status for \(Shown.text(policy)) in org \(Shown.text(node.org))")
        }
        return [name.text: status]
    }
}
