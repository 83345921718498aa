import UpgradePorts
import UpgradeSystem

/// What a run with true programs needs from outside.
package struct RealWorld: Sendable {
    /// The folder that holds `upliftd` and `uplift-exchange`.
    package var programs: String
    /// Where scratch folders are made.
    package var temporary: String
    /// Calls to the hub and to the agents.
    package var http: any HTTPCaller
    /// Makes the publisher's key.
    package var keys: any KeyMaker
    /// A fresh running SHA-256.
    package var makeDigest: @Sendable () -> any RunningDigest

    /// The programs beside this one, unless a folder is named.
    package init(
        programs: String? = nil, http: any HTTPCaller, keys: any KeyMaker, makeDigest: @escaping @Sendable () -> any RunningDigest
    ) {
        let own = LiveMachine.programPath.flatMap { path in path.lastIndex(of: "/").map { String(path[..<$0]) } }
        self.programs = programs ?? own ?? "."
        temporary = LiveMachine.environment["TMPDIR"] ?? "/tmp"
        self.http = http
        self.keys = keys
        self.makeDigest = makeDigest
    }

    /// The path of a program.
    func program(_ name: String) -> String { programs + "/" + name }
}
