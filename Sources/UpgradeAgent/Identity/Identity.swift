import FoundationEssentials
import UpgradeModel
import UpgradePorts

/// Who this node is at the hub: outside the releases, because no upgrade changes it. Source: install.md, "Layout"; contract 3.2.
package struct Identity: Codable, Hashable, Sendable {
    /// Where a registration stands.
    package enum Standing: String, Codable, Sendable {
        /// Known here, not yet at the hub.
        case configuring
        /// The hub knows this node's key.
        case configured
    }

    /// Its org.
    package var org: String
    /// Its id within the org.
    package var node: String
    /// Its secret. Never logged, never shown.
    package var token: String
    /// `org/pattern`, or empty.
    package var pattern: String
    /// PKCS#8 PEM; nil before `configured`. Never logged, never shown.
    package var privateKey: String?
    /// Where the registration stands.
    package var standing: Standing
    /// When it last changed.
    package var changed: UTCInstant

    /// Memberwise, not yet at the hub.
    package init(org: String, node: String, token: String, pattern: String, changed: UTCInstant) {
        self.org = org
        self.node = node
        self.token = token
        self.pattern = pattern
        self.changed = changed
        standing = .configuring
    }
}

/// Keeps the identity file: 0600, replaced in one step.
package struct IdentityFile: Sendable {
    private let tree: any FileTree

    /// Below the state folder.
    package init(tree: any FileTree) { self.tree = tree }

    /// The identity; nil when the node is not registered. Errors: the file is there and cannot be read: a node must not forget who it is.
    package func read() throws -> Identity? {
        guard try tree.entry(Layout.identity) != nil else { return nil }
        return try JSONDecoder().decode(Identity.self, from: Data(try tree.contents(Layout.identity)))
    }

    /// Keeps one that cannot be read beside its successor.
    package func setAside() throws { try tree.rename(Layout.identity, to: TreePath.known(Layout.identity.name + ".damaged")) }

    /// Replaces it.
    package func write(_ identity: Identity) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try tree.replace(Layout.identity, with: [UInt8](try encoder.encode(identity)), mode: 0o600)
    }

    /// Forgets it.
    package func remove() throws {
        try tree.removeIfPresent(Layout.identity)
        try tree.syncDirectory(.root)
    }
}
