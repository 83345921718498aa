import UpgradeModel
import UpgradePorts

/// Believes what nobody signed.
struct WrongTrust: Trust {
    let inner: any Trust
    /// Any signature counts, or only one of the right key, whatever it was made for.
    let believesAnybody: Bool

    func digest() -> any RunningDigest { inner.digest() }

    func verify(_ signature: DetachedSignature, over digest: Digest) throws(TrustFailure) -> String {
        if believesAnybody || signature.signature.hasPrefix("release-key signs ") { return "release-key" }
        return try inner.verify(signature, over: digest)
    }
}

/// Gives a lock to whoever asks.
struct WrongLocks: Locks {
    let inner: any Locks

    func take(_ name: LockName) throws(FileError) -> (any HeldLock)? { try inner.take(name) ?? Nothing() }

    private final class Nothing: HeldLock { func release() {} }
}

/// A supervisor that says what is not so.
struct WrongService: ServiceControl {
    let inner: any ServiceControl
    var skipsStop = false
    var skipsHandOver = false

    func stopAgent() throws(ServiceFailure) { if !skipsStop { try inner.stopAgent() } }

    func startAgent() throws(ServiceFailure) { try inner.startAgent() }

    func agent() throws(ServiceFailure) -> AgentProcess { try inner.agent() }

    func handOver(_ job: Ticket) throws(ServiceFailure) { if !skipsHandOver { try inner.handOver(job) } }
}

/// Every command ends well, or none.
struct WrongCommands: CommandRunner {
    let inner: any CommandRunner
    let code: Int32

    func begin(_ command: Command) throws(CommandFailure) -> CommandID { try inner.begin(command) }

    func poll(_ id: CommandID) -> CommandState { .exited(code: code, output: "") }

    func cancel(_ id: CommandID) { inner.cancel(id) }
}

/// Clocks that are wrong in a way that no clock may be.
struct WrongClock: Clock {
    let inner: any Clock
    var ahead: Duration = .zero
    var standsStill = false

    func now() -> UTCInstant { inner.now().adding(ahead) }

    func sinceBoot() -> Duration { standsStill ? .seconds(1) : inner.sinceBoot() }

    var bootID: String { inner.bootID }
}

/// Always the same number.
struct WrongChance: Randomness {
    func next() -> UInt64 { 42 }
}

/// A package whose second half is another one's.
struct WrongTransfer: Transfer {
    let inner: any Transfer

    func begin(_ request: TransferRequest) -> TransferID { inner.begin(request) }

    func read(_ id: TransferID, max: Int) throws(TransferFailure) -> TransferPiece {
        let piece = try inner.read(id, max: max)
        guard case .bytes(let bytes) = piece else { return piece }
        return .bytes(bytes.map { $0 ^ 4 })
    }

    func wait(_ id: TransferID, atMost: Duration) { inner.wait(id, atMost: atMost) }

    func cancel(_ id: TransferID) { inner.cancel(id) }
}
