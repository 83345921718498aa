import NIOConcurrencyHelpers

/// Bounds how many downloads of parts run at once; beyond it the answer is 429. Source: contract 2.3.
final class PartLimit: Sendable {
    private let free: NIOLockedValueBox<Int>

    init(_ count: Int) { free = NIOLockedValueBox(count) }

    /// Leave for one download, given back when the last reference is gone, however the download ends.
    func permit() -> Permit? {
        let isFree = free.withLockedValue { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
        return isFree ? Permit(limit: self) : nil
    }

    /// Leave for one download.
    final class Permit: Sendable {
        private let limit: PartLimit

        fileprivate init(limit: PartLimit) { self.limit = limit }

        deinit { limit.free.withLockedValue { $0 += 1 } }
    }
}
