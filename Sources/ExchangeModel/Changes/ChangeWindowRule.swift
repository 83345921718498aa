import UpgradeModel
import UpgradeWire

/// Where a poll begins to read. Source: contract 1.6.
package enum ChangeWindowRule {
    /// The beginning of the rows that a poll gets.
    package enum Start: Hashable, Sendable {
        /// Rows from this number on, and rows up to the contention window before the time of that very row, while it exists.
        case number(Int64)
        /// Rows not older than this.
        case time(UTCInstant)
        /// All that is kept.
        case oldest
    }

    /// Writers may commit out of order by this much, so rows this much older are repeated.
    package static let contention: Duration = .seconds(2)
    /// The same for polls by time.
    package static let timeTolerance: Duration = .seconds(10)
    /// At most so many rows in a page.
    package static let rowsMax = 10_000
    /// How long rows are kept.
    package static let keep: Duration = .seconds(14_400)
    /// How often old rows are removed.
    package static let cleanEvery: Duration = .seconds(3_600)

    /// A positive number wins over a time; a time that cannot be read is 400, also an empty one.
    package static func start(of request: ChangesRequestDocument) throws(Refusal) -> Start {
        var time: UTCInstant?
        if let text = request.lastUpdated {
            time = UTCInstant(rfc3339: text)
            if time == nil { throw .badInput("cannot read the time '\(text)' in 'lastUpdated'; RFC 3339 is expected") }
        }
        if request.changeId > 0 { return .number(request.changeId) }
        guard let time else { return .oldest }
        return .time(time.adding(.zero - timeTolerance))
    }

    /// How many rows the page may hold.
    package static func limit(of request: ChangesRequestDocument) -> Int { min(max(0, request.maxRecords), rowsMax) }
}
