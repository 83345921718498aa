/// What one hub probe found.
package struct ProbeResult: Codable, Hashable, Sendable {
    /// The hub answered this node as it should.
    package let succeeded: Bool
    /// One sentence; empty after a success.
    package let reason: String

    /// Memberwise.
    package init(succeeded: Bool, reason: String) {
        self.succeeded = succeeded
        self.reason = reason
    }
}
