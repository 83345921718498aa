import UpgradeModel

/// Which operation records somebody wants to see.
package struct OperationQuery: Hashable, Sendable {
    /// In which order, and from where on.
    package enum Order: Hashable, Sendable {
        /// The newest writing first; only writings below this number, if one is given.
        case newestFirst(below: Int? = nil)
        /// The oldest writing first; only writings above this number.
        case oldestFirst(above: Int)
    }

    /// Only the one with this id.
    package var id: String?
    /// Only this kind of work.
    package var activity: Operation.Activity?
    /// Only these stages.
    package var stages: Set<Operation.Stage>?
    /// Only work for this policy.
    package var policy: PolicyID?
    /// Only what was written then or later.
    package var since: UTCInstant?
    /// Only what was written before.
    package var until: UTCInstant?
    /// In which order.
    package var order = Order.newestFirst()
    /// At most so many.
    package var max: Int

    /// The newest of all.
    package init(max: Int) { self.max = max }
}
