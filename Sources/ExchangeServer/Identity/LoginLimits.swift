import NIOCore

/// What proving who one is may cost.
package struct LoginLimits: Sendable {
    /// scrypt's N for new hashes, a power of two. 16384 takes some 30 ms and 16 MiB.
    package var scryptCost: UInt64 = 16384
    /// How long a name must wait after its first failed login that is not free; each further one doubles it.
    package var firstWait: Duration = .seconds(1)
    /// How many threads make slow hashes.
    package var threads = max(1, System.coreCount / 2)
    /// How many slow hashes may wait for a thread; who comes then takes the place of one of an address that has more, or is answered with
    /// 503.
    package var waitingMax = 256
    /// How many of them one address may have.
    package var waitingPerSourceMax = 64

    /// The usual limits.
    package init() {}
}
