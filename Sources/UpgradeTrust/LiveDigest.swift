import LibCrypto
import UpgradeModel
import UpgradePorts

/// OpenSSL's SHA-256 behind the port.
package final class LiveDigest: RunningDigest {
    private let running = SHA256()

    /// Begins with no bytes.
    package init() {}

    package func update(_ bytes: [UInt8]) {
        running.update(bytes)
    }

    package func current() -> Digest? {
        running.current().flatMap { Digest(bytes: $0) }
    }
}
