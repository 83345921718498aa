/// A page of operation records. Shape: an object; the newest writing first.
package struct OperationsDocument: Codable, Hashable, Sendable {
    /// The records.
    package let opstatus: [OperationDocument]
    /// What the next page begins below; nil when this is the last one.
    package let below: Int?

    /// Memberwise.
    package init(opstatus: [OperationDocument], below: Int?) {
        self.opstatus = opstatus
        self.below = below
    }
}

/// What a purge came to.
package struct PurgeDocument: Codable, Hashable, Sendable {
    /// Records that were removed.
    package let removed: Int

    /// Memberwise.
    package init(removed: Int) { self.removed = removed }
}
