import UpgradeWire

/// What nodes tell of themselves in numbers, so that one node can be held against all others.
package enum NodeFigure: String, CaseIterable, Hashable, Sendable {
    case load, availableMemoryBytes, freeDiskBytes, residentBytes, outbox, undeliverable, fetchedBytesPerSecond, transactionsPerSecond

    /// Where it stands in a `NodeHealthDocument`, for a database that reads no more of it.
    package var path: String {
        switch self {
        case .load: "machine.load[0]"
        case .availableMemoryBytes, .freeDiskBytes, .residentBytes: "machine.\(rawValue)"
        case .outbox, .undeliverable: rawValue
        case .fetchedBytesPerSecond, .transactionsPerSecond: "work.\(rawValue)"
        }
    }

    /// The number; nil when the node did not say.
    package func value(in health: NodeHealthDocument) -> Double? {
        switch self {
        case .load: health.machine.load?.first
        case .availableMemoryBytes: health.machine.availableMemoryBytes.map(Double.init)
        case .freeDiskBytes: health.machine.freeDiskBytes.map(Double.init)
        case .residentBytes: health.machine.residentBytes.map(Double.init)
        case .outbox: Double(health.outbox)
        case .undeliverable: Double(health.undeliverable)
        case .fetchedBytesPerSecond: health.work.fetchedBytesPerSecond
        case .transactionsPerSecond: health.work.transactionsPerSecond
        }
    }
}
