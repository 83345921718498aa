/// What a management policy wants upgraded: a manifest, and whether older versions may be taken. Source: contract 1.3.
package struct AgentUpgradePolicyDocument: Codable, Hashable, Sendable {
    /// `org/id` or a bare id of the manifest; `""` = none was given.
    package var manifest: String
    /// Whether an older version than the running one may be installed.
    package var allowDowngrade: Bool

    private enum CodingKeys: String, CodingKey { case manifest, allowDowngrade }

    /// No manifest and no downgrade unless given.
    package init(manifest: String = "", allowDowngrade: Bool = false) {
        self.manifest = manifest
        self.allowDowngrade = allowDowngrade
    }

    /// Absent keys: no manifest, no downgrade.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        manifest = try container.read(.manifest, or: "")
        allowDowngrade = try container.read(.allowDowngrade, or: false)
    }
}
