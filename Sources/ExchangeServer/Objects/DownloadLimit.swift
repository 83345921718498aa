import ExchangeModel
import NIOConcurrencyHelpers

/// Bounds how many downloads of a kind run at once, and how many of them one address has; beyond it the answer is 429. Source: contract 2.3.
final class DownloadLimit: Sendable {
    private struct Taken {
        var count = 0
        var bySource: [String: Int] = [:]
    }

    private let countMax: Int
    /// Half: one address must not have all, and the clients behind one proxy still get many.
    private let perSourceMax: Int
    private let taken = NIOLockedValueBox(Taken())

    init(_ count: Int) {
        countMax = count
        perSourceMax = (count + 1) / 2
    }

    /// Leave for one download, given back when the last reference is gone, however the download ends.
    /// - Parameter source: The address that it goes to; nil = nobody knows.
    /// - Throws: 429.
    func permit(for source: String?) throws -> Permit {
        let source = source ?? ""
        let isFree = taken.withLockedValue { taken in
            guard taken.count < countMax, taken.bySource[source, default: 0] < perSourceMax else { return false }
            taken.count += 1
            taken.bySource[source, default: 0] += 1
            return true
        }
        guard isFree else { throw Refusal.tooMany("too many downloads at once; try again later", retryAfter: 5) }
        return Permit(limit: self, source: source)
    }

    private func giveBack(_ source: String) {
        taken.withLockedValue { taken in
            taken.count -= 1
            let rest = taken.bySource[source, default: 0] - 1
            taken.bySource[source] = rest > 0 ? rest : nil
        }
    }

    /// Leave for one download.
    final class Permit: Sendable {
        private let limit: DownloadLimit
        private let source: String

        fileprivate init(limit: DownloadLimit, source: String) {
            self.limit = limit
            self.source = source
        }

        deinit { limit.giveBack(source) }
    }
}
