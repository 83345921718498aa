/// One status PUT that the exchange accepted. An addition of ours: the real exchange keeps only the last one.
package struct StatusHistoryEntryDocument: Codable, Hashable, Sendable {
    /// Position in the node's history, growing, never reused.
    package var number: Int64
    /// `org/policy` the status is for.
    package var policy: String
    /// When the exchange took it, RFC 3339 with fraction.
    package var received: String
    /// The body exactly as it was accepted.
    package var body: JSONValue

    /// One accepted PUT.
    package init(number: Int64, policy: String, received: String, body: JSONValue) {
        self.number = number
        self.policy = policy
        self.received = received
        self.body = body
    }
}
