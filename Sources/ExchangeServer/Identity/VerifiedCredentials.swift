import NIOConcurrencyHelpers

/// Fingerprints of credentials that were verified lately. In memory only.
///
/// Two generations: what is used lives in the young one; when that is full it becomes the old one, and what nobody used in the meantime is
/// forgotten. So never everybody has to prove again at once.
final class VerifiedCredentials: Sendable {
    private struct Generations: Sendable {
        var young: Set<[UInt8]> = []
        var old: Set<[UInt8]> = []
    }

    private let youngMax: Int
    private let generations = NIOLockedValueBox(Generations())

    /// - Parameter entriesMax: How many are remembered at least for as long as they are used.
    init(entriesMax: Int = 50_000) { youngMax = entriesMax }

    func contains(_ fingerprint: [UInt8]) -> Bool {
        generations.withLockedValue { generations in
            if generations.young.contains(fingerprint) { return true }
            guard generations.old.contains(fingerprint) else { return false }
            Self.insert(fingerprint, &generations, youngMax)
            return true
        }
    }

    func insert(_ fingerprint: [UInt8]) {
        generations.withLockedValue { Self.insert(fingerprint, &$0, youngMax) }
    }

    private static func insert(_ fingerprint: [UInt8], _ generations: inout Generations, _ youngMax: Int) {
        if generations.young.count >= youngMax { generations = Generations(young: [], old: generations.young) }
        generations.young.insert(fingerprint)
    }
}
