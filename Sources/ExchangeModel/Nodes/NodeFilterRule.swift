import UpgradeWire

/// The filters of the node list. Source: contract 1.2.
package enum NodeFilterRule {
    /// Refuses a node type that does not exist, and what is neither true nor false.
    package static func check(_ query: [String: String]) throws(Refusal) {
        try WildcardRule.check(query, ["idfilter", "name", "owner", "arch", "nodetype", "clusternamespace"])
        for (name, valid) in [("nodetype", ["device", "cluster"]), ("isNamespaceScoped", ["true", "false"])] {
            guard let value = query[name], !valid.contains(value) else { continue }
            throw .badInput("invalid \(name) '\(value)'; valid: \(valid.joined(separator: ", "))")
        }
    }

    /// Whether the node fits every filter that was given.
    package static func matches(_ node: NodeDocument, name: String, query: [String: String]) -> Bool {
        let texts = [
            "idfilter": name, "name": node.name, "owner": node.owner, "arch": node.arch, "nodetype": node.nodeType,
            "clusternamespace": node.clusterNamespace,
        ]
        guard texts.allSatisfy({ key, text in query[key].map { WildcardRule.matches(text, filter: $0) } ?? true }) else { return false }
        guard let scoped = query["isNamespaceScoped"] else { return true }
        return (scoped == "true") == node.isNamespaceScoped
    }
}
