import UpgradeModel

/// Which of the releases on disk nobody needs any more. The newest are kept, as many as the settings allow.
package enum PruneRule {
    /// A release folder as found.
    package struct Release: Hashable, Sendable {
        /// Its number.
        package let number: Int
        /// Length of all its files; one that has a name in another release counts in both.
        package let bytes: Int64
        /// False for one that was never completed, or is half removed.
        package let isWhole: Bool

        /// Memberwise.
        package init(number: Int, bytes: Int64, isWhole: Bool) {
            self.number = number
            self.bytes = bytes
            self.isWhole = isWhole
        }
    }

    /// The releases to remove, oldest first.
    /// - Parameters:
    ///   - needed: what `current` and `recover` name; never in the answer.
    ///   - kept: how many others may stay.
    ///   - bytesMax: what those may have together.
    package static func surplus(_ releases: [Release], needed: Set<Int>, kept: Int, bytesMax: Int64) -> [Int] {
        let others = releases.filter { !needed.contains($0.number) }.sorted { $0.number > $1.number }
        var surplus = others.filter { !$0.isWhole }.map(\.number)
        var bytes: Int64 = 0
        var isFull = false
        for (count, release) in others.filter(\.isWhole).enumerated() {
            bytes = bytes.addingReportingOverflow(max(release.bytes, 0)).overflow ? .max : bytes + max(release.bytes, 0)
            // An older one does not take the place of a newer one that was too large.
            isFull = isFull || count >= kept || bytes > bytesMax
            if isFull { surplus.append(release.number) }
        }
        return surplus.sorted()
    }
}
