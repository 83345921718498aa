/// What GET of one node or of all nodes answers. Source: contract 1.2.
package struct NodesDocument: Codable, Hashable, Sendable {
    /// Shape: `org/id` → node.
    package var nodes: [String: NodeDocument]
    /// Always 0; kept for clients that expect it.
    package var lastIndex: Int

    private enum CodingKeys: String, CodingKey { case nodes, lastIndex }

    /// Empty unless given.
    package init(nodes: [String: NodeDocument] = [:], lastIndex: Int = 0) {
        self.nodes = nodes
        self.lastIndex = lastIndex
    }

    /// Absent keys: no nodes.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        nodes = try container.read(.nodes, or: [:])
        lastIndex = try container.read(.lastIndex, or: 0)
    }
}
