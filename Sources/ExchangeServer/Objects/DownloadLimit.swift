import ExchangeModel
import NIOConcurrencyHelpers

/// Bounds how many downloads of a kind run at once; beyond it the answer is 429. Source: contract 2.3.
final class DownloadLimit: Sendable {
    private let free: NIOLockedValueBox<Int>

    init(_ count: Int) { free = NIOLockedValueBox(count) }

    /// Leave for one download, given back when the last reference is gone, however the download ends.
    /// - Throws: 429.
    func permit() throws -> Permit {
        let isFree = free.withLockedValue { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
        guard isFree else { throw Refusal.tooMany("too many downloads at once; try again later", retryAfter: 5) }
        return Permit(limit: self)
    }

    /// Leave for one download.
    final class Permit: Sendable {
        private let limit: DownloadLimit

        fileprivate init(limit: DownloadLimit) { self.limit = limit }

        deinit { limit.free.withLockedValue { $0 += 1 } }
    }
}
