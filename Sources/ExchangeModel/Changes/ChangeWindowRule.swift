import UpgradeModel
import UpgradeWire

/// Where a poll begins to read. Source: contract 1.6.
package enum ChangeWindowRule {
    /// The beginning of the rows that a poll gets.
    package enum Start: Hashable, Sendable {
        /// Rows from this number on; above 0.
        case number(Int64)
        /// Rows not older than this.
        case time(UTCInstant)
        /// All that is kept.
        case oldest
    }

    /// Polls by time reach back by this much, for clocks that differ. Polls by number do not reach back at all: numbers are given in the
    /// order of the commits, so nothing can turn up behind a page (deviation).
    package static let timeTolerance: Duration = .seconds(10)
    /// At most so many rows in a page.
    package static let rowsMax = 10_000
    /// How long rows are kept.
    package static let keep: Duration = .seconds(14_400)
    /// Rows that are overdue by this much are removed.
    package static let cleanEvery: Duration = .seconds(3_600)
    /// At most so many rows are removed by one write, which somebody waits for.
    package static let cleanedMax = 1_000

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
