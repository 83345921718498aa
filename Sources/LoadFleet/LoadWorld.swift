import UpgradePorts

/// What a run against a true hub needs from outside.
package struct LoadWorld: Sendable {
    /// Calls to the hub.
    package var http: any HTTPCaller
    /// Downloads from it.
    package var transfer: any Transfer
    /// Makes the publisher's key, which signs what the hub checks.
    package var keys: any KeyMaker
    /// A fresh running SHA-256.
    package var makeDigest: @Sendable () -> any RunningDigest

    /// Memberwise.
    package init(
        http: any HTTPCaller, transfer: any Transfer, keys: any KeyMaker, makeDigest: @escaping @Sendable () -> any RunningDigest
    ) {
        self.http = http
        self.transfer = transfer
        self.keys = keys
        self.makeDigest = makeDigest
    }
}
