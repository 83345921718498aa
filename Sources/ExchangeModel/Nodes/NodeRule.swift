import UpgradeWire

/// Who may set what of a node, and how a request becomes the stored node. Source: contract 1.2.
package enum NodeRule {
    /// Checks a PUT against the stored node (nil = a new one).
    package static func check(_ request: NodeRequestDocument, stored: NodeDocument?, id: String, caller: Caller) throws(Refusal) {
        guard request.name != nil else { throw .badInput("the key 'name' is missing in the request body") }
        try checkValues(request)
        guard caller.role != .node, caller.role != .root, let stored else { return }
        try checkSecrets(request, stored: stored, id: id)
        let given = [request.pattern, request.publicKey, request.token].count { $0 != nil }
        if given != 0 && given != 3 {
            throw .badInput("pattern, publicKey and token of node '\(id)' must be given together or all left out")
        }
    }

    /// Checks a PATCH: the one attribute that was given.
    package static func checkPatch(_ request: NodeRequestDocument, stored: NodeDocument, id: String, caller: Caller) throws(Refusal) {
        try checkValues(request)
        if caller.role != .node && caller.role != .root { try checkSecrets(request, stored: stored, id: id) }
    }

    /// Kept: once a public key is set, only the node itself or root may change pattern, key and token.
    private static func checkSecrets(_ request: NodeRequestDocument, stored: NodeDocument, id: String) throws(Refusal) {
        guard !stored.publicKey.isEmpty else { return }
        if request.token != nil { throw .badInput("public key is set for node '\(id)', cannot set a token") }
        if let key = request.publicKey, key != stored.publicKey {
            throw .badInput("public key is set for node '\(id)', cannot change it")
        }
        if let pattern = request.pattern, pattern != stored.pattern {
            throw .badInput("public key is set for node '\(id)', cannot change the pattern")
        }
    }

    private static func checkValues(_ request: NodeRequestDocument) throws(Refusal) {
        if let pattern = request.pattern, !pattern.isEmpty, !pattern.contains("/") {
            throw .badInput("the pattern '\(pattern)' must have the form 'org/pattern'")
        }
        if request.token == "" { throw .badInput("the token is empty: nobody could log in with it") }
        if let type = request.nodeType, type != "device", type != "cluster" {
            throw .badInput("invalid nodeType '\(type)'; valid: device, cluster")
        }
    }

    /// The node after a PUT: everything is replaced, except that pattern and key stay when they were left out.
    package static func replaced(
        by request: NodeRequestDocument, stored: NodeDocument?, owner: String, now: String
    ) -> NodeDocument {
        var node = NodeDocument(owner: stored?.owner ?? owner)
        node.name = request.name ?? ""
        node.nodeType = request.nodeType ?? "device"
        node.pattern = request.pattern ?? stored?.pattern ?? ""
        node.registeredServices = (request.registeredServices ?? []).map(shown)
        node.userInput = request.userInput ?? []
        node.msgEndPoint = request.msgEndPoint ?? ""
        node.softwareVersions = request.softwareVersions ?? .init()
        node.publicKey = request.publicKey ?? stored?.publicKey ?? ""
        node.arch = request.arch ?? ""
        node.heartbeatIntervals = request.heartbeatIntervals ?? .init()
        node.clusterNamespace = request.clusterNamespace ?? ""
        node.isNamespaceScoped = request.isNamespaceScoped ?? false
        node.haGroup = stored?.haGroup
        node.lastUpdated = now
        return node
    }

    /// A service with every key that GET shows.
    private static func shown(_ service: JSONValue) -> JSONValue {
        let defaults: [String: JSONValue] = [
            "url": "", "numAgreements": 0, "configState": "active", "policy": "", "properties": [], "version": "",
        ]
        let given = (service.object ?? [:]).filter { $0.value != .null }
        return .object(defaults.merging(given) { $1 })
    }

    /// The node after a PATCH.
    package static func patched(_ stored: NodeDocument, by request: NodeRequestDocument, now: String) -> NodeDocument {
        var node = stored
        node.name = request.name ?? stored.name
        node.nodeType = request.nodeType ?? stored.nodeType
        node.pattern = request.pattern ?? stored.pattern
        node.registeredServices = request.registeredServices?.map(shown) ?? stored.registeredServices
        node.userInput = request.userInput ?? stored.userInput
        node.msgEndPoint = request.msgEndPoint ?? stored.msgEndPoint
        node.softwareVersions = request.softwareVersions ?? stored.softwareVersions
        node.publicKey = request.publicKey ?? stored.publicKey
        node.arch = request.arch ?? stored.arch
        node.heartbeatIntervals = request.heartbeatIntervals ?? stored.heartbeatIntervals
        node.clusterNamespace = request.clusterNamespace ?? stored.clusterNamespace
        node.isNamespaceScoped = request.isNamespaceScoped ?? stored.isNamespaceScoped
        node.lastUpdated = now
        return node
    }
}
