import UpgradeModel

/// A change as it lies in the table: numbered and stamped. Source: contract 1.6.
package struct ChangeRow: Hashable, Sendable {
    /// Growing number, never reused.
    package var number: Int64
    /// When it was written.
    package var time: UTCInstant
    /// Org of the changed thing.
    package var org: String
    /// Bare id of the changed thing.
    package var id: String
    /// What it is.
    package var resource: String
    /// What happened.
    package var operation: String

    /// One row.
    package init(number: Int64, time: UTCInstant, org: String, id: String, resource: String, operation: String) {
        self.number = number
        self.time = time
        self.org = org
        self.id = id
        self.resource = resource
        self.operation = operation
    }
}
