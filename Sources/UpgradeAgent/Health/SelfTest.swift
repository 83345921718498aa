import Logging
import Synchronization
import UpgradeModel
import UpgradePorts

/// Looks, beside the purge, whether the agent can do its work. What it finds is a record of operation status when it is otherwise than the last
/// time: an agent that is well writes one at its first look and no more.
final class SelfTest: Sendable {
    /// Less is too little for anything but small files.
    static let freeBytesMin: Int64 = 64 << 20

    private let engine: Engine
    private let store: any Store
    private let ports: AgentPorts
    /// Details of the last record; nil = not looked at yet.
    private let known = Mutex<String?>(nil)

    init(engine: Engine, store: any Store, ports: AgentPorts) {
        self.engine = engine
        self.store = store
        self.ports = ports
    }

    /// One look. A store that does not work just now is asked again the next time.
    func step() {
        do { try look() } catch { ports.log.warning("cannot test this agent", metadata: ["error": "\(error)"]) }
    }

    private func look() throws(StoreError) {
        let begun = ports.clock.now()
        let found = try findings()
        let details = found.isEmpty ? "nothing is wrong" : found.joined(separator: "; ")
        var last = known.withLock { $0 }
        if last == nil { last = try newest(.selftest)?.details }
        if details != last {
            let id = "selftest-\(begun.rfc3339(fractionDigits: 9))"
            let stage = found.isEmpty ? Operation.Stage.completed : .exception
            try engine.record([.operation(Operation(id: id, .selftest, begun: begun, at: ports.clock.now(), stage, details))])
        }
        known.withLock { $0 = details }
    }

    /// Sentences that stay the same for as long as nothing changes.
    private func findings() throws(StoreError) -> [String] {
        var found: [String] = []
        do throws(FileError) {
            if try ports.state.freeBytes() < SelfTest.freeBytesMin { found.append("less than 64 MiB are free below \(ports.stateFolder)") }
        } catch { found.append("nobody can say how much is free below \(ports.stateFolder): \(error)") }
        if let poll = try newest(.poll), poll.stage == .exception {
            found.append("the hub is away since \(poll.at.rfc3339()): \(poll.details)")
        }
        let refused = engine.snapshot.undeliverable.count
        if refused > 0 { found.append("the hub refused \(refused == 1 ? "a row" : "\(refused) rows") for good") }
        return found
    }

    /// The most recent operation of an activity. Source: seed `nmis-opstatus.txt`, "Used by selftest".
    private func newest(_ activity: Operation.Activity) throws(StoreError) -> Operation? {
        var query = OperationQuery(max: 1)
        query.activity = activity
        return try store.operations(query).first
    }
}
