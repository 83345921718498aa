import UpgradeModel

/// The two clocks of a node, and which boot this is.
package protocol Clock: Sendable {
    /// Wall-clock time; may jump.
    func now() -> UTCInstant
    /// Time since boot including suspend; never goes back. Deadlines are kept on this one.
    func sinceBoot() -> Duration
    /// A text that differs from boot to boot.
    var bootID: String { get }
}

/// Chance. Drawn outside the machine and passed in.
package protocol Randomness: Sendable {
    /// 64 random bits.
    func next() -> UInt64
}
