/// What GET of one or of all management policies answers: the `managementPolicy` envelope. Source: contract 1.3.
package struct ManagementPoliciesDocument: Codable, Hashable, Sendable {
    /// Shape: `org/name` → policy.
    package var managementPolicy: [String: NodeManagementPolicyDocument]
    /// Always 0; kept for clients that expect it.
    package var lastIndex: Int

    private enum CodingKeys: String, CodingKey { case managementPolicy, lastIndex }

    /// Empty unless given.
    package init(managementPolicy: [String: NodeManagementPolicyDocument] = [:], lastIndex: Int = 0) {
        self.managementPolicy = managementPolicy
        self.lastIndex = lastIndex
    }

    /// Absent keys: no policies.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        managementPolicy = try container.read(.managementPolicy, or: [:])
        lastIndex = try container.read(.lastIndex, or: 0)
    }
}
