/// How far one upgrade job is, in the fifteen notions that a fleet operator knows.
///
/// The words on the wire are mapped once, in `UpgradeWire`. Source: contract 4.1 and the node management status seed.
package enum Status: String, CaseIterable, Codable, Hashable, Sendable {
    /// The policy matches; its start has not come yet.
    case waiting
    /// Manifest and packages are being fetched.
    case downloadStarted
    /// Everything is here and verified; unpacking may still go on.
    case downloaded
    /// Transport, length, digest or signature went wrong for good.
    case downloadFailed
    /// Handed over to the installer; on trial until it decides.
    case initiated
    /// The new version proved that it is healthy.
    case successful
    /// Nothing newer is offered to this node.
    case noActionRequired
    /// The job ended before anything on the node was changed.
    case precheckFailed
    /// The new version was switched on and is no good.
    case failed
    /// The way back has begun.
    case rollbackStarted
    /// The old version runs again and answered.
    case rollbackSuccessful
    /// Neither version could be started; the old one is tried on and on.
    case rollbackFailed
    /// The job's record is damaged or lost; only a reset leads out.
    case unknown
    /// A reset was asked for at the exchange. Never stored by us, only accepted.
    case reset
    /// Another member of the high-availability group is being upgraded.
    case haNodeWaiting

    /// True when nothing more happens by itself.
    package var isFinal: Bool {
        switch self {
        case .downloadFailed, .successful, .noActionRequired, .precheckFailed, .rollbackSuccessful, .unknown: true
        case .waiting, .downloadStarted, .downloaded, .initiated, .failed, .rollbackStarted, .rollbackFailed, .reset, .haNodeWaiting: false
        }
    }
}
