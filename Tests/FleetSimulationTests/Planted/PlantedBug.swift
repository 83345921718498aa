import FleetSimulation
import Synchronization
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// A fleet with one thing wrong in it. Nothing in the agent knows of it: a test hands the wrong part in.
struct PlantedBug: Sendable {
    let name: String
    /// Made anew for each run: what is wrong may remember something.
    let workshop: @Sendable () -> NodeWorkshop

    /// The seed that found it last: where a short run begins to look.
    let near: UInt64

    init(_ name: String, near: UInt64 = 1, _ change: @escaping @Sendable (inout NodeWorkshop) -> Void) {
        self.name = name
        self.near = near
        workshop = {
            var workshop = NodeWorkshop()
            change(&workshop)
            return workshop
        }
    }

    static let all: [PlantedBug] = files + databases + programs + hubs

    /// What another line of defence catches: nothing is broken and nothing untrue is said, so nothing is found.
    static let defended = [
        // The installer hashes `staged/` with the agent stopped and holds it against the verified package; the job ends there.
        PlantedBug("a file is written with other bytes") { $0.tree = { WrongTree(inner: $1, damagesWrites: true) } },
        // The supervisor starts one installer and one agent at a time. What the agent does under the install lock, it does only where no journal
        // tells of an installer at work: it takes a job back before the switch, and prunes when nothing is open.
        PlantedBug("a lock is given to two") { $0.locks = { WrongLocks(inner: $1) } },
    ]
}

extension PlantedBug {
    private static let files = [
        PlantedBug("no sync of folders", near: 7) { $0.tree = { WrongTree(inner: $1, skipsFolderSync: true) } },
        PlantedBug("no sync of everything before the switch", near: 16) { $0.tree = { WrongTree(inner: $1, skipsSyncAll: true) } },
        PlantedBug("journal and files are not synced", near: 10) { $0.tree = { WrongTree(inner: $1, skipsFileSync: true) } },
        PlantedBug("committed, but `recover` stays", near: 5) { $0.tree = { WrongTree(inner: $1, skipsRename: .known("recover")) } },
        PlantedBug("switched, but `current` stays", near: 11) { $0.tree = { WrongTree(inner: $1, skipsRename: .known("current")) } },
        PlantedBug("a record of the journal is written after its step", near: 2) {
            $0.tree = { WrongTree(inner: $1, delaysJournal: true) }
        },
    ]

    private static let databases = [
        PlantedBug("every third word is not put into the outbox") {
            $0.stores = { WrongStores(inner: $1) { $0 % 3 == 0 ? $1.filter { !$0.isWord } : $1 } }
        },
        PlantedBug("every seventh transaction is not durable", near: 4) {
            $0.stores = { WrongStores(inner: $1) { $0 % 7 == 0 ? [] : $1 } }
        },
        PlantedBug("the word is durable, the state is not", near: 9) {
            $0.stores = { WrongStores(inner: $1) { _, changes in changes.filter { if case .putJob = $0 { false } else { true } } } }
        },
        PlantedBug("what failed here is forgotten", near: 111) {
            $0.stores = {
                WrongStores(inner: $1) { _, changes in changes.filter { if case .set(.failedVersions, _) = $0 { false } else { true } } }
            }
        },
        PlantedBug("an operation record is not written") {
            $0.stores = { WrongStores(inner: $1) { $0 % 5 == 0 ? $1.filter { if case .operation = $0 { false } else { true } } : $1 } }
        },
        PlantedBug("the database is not copied for the new release", near: 2) { $0.stores = { WrongStores(inner: $1, skipsCopy: true) } },
    ]

    private static let programs = [
        PlantedBug("any signature is believed", near: 57) { $0.trust = { WrongTrust(inner: $1, believesAnybody: true) } },
        PlantedBug("a signature is not compared with the bytes", near: 57) { $0.trust = { WrongTrust(inner: $1, believesAnybody: false) } },
        PlantedBug("the agent is not stopped", near: 6) { $0.service = { WrongService(inner: $1, skipsStop: true) } },
        PlantedBug("the health command always says well", near: 30) { $0.commands = { WrongCommands(inner: $1, code: 0) } },
        PlantedBug("a job begins an hour early", near: 4) { $0.clock = { WrongClock(inner: $1, ahead: .seconds(3600)) } },
        PlantedBug("deadlines on a clock that stands still", near: 19) { $0.clock = { WrongClock(inner: $1, standsStill: true) } },
        PlantedBug("the health command always says no", near: 5) { $0.commands = { WrongCommands(inner: $1, code: 1) } },
        PlantedBug("a stale ticket is as good as a fresh one", near: 2) { $0.randomness = { _, _ in WrongChance() } },
        PlantedBug("bytes of a download are others", near: 5) { $0.transfer = { WrongTransfer(inner: $1) } },
    ]

    private static let hubs = [
        PlantedBug("the hub says yes to words and forgets them", near: 4) { $0.hub = { WrongHub(inner: $1, takes: { _, _ in true }) } },
        PlantedBug("the turn of a group is given to all", near: 25) { $0.hub = { WrongHub(inner: $1, turn: { _, _ in }) } },
        PlantedBug("the turn of a group is never given back", near: 24) { workshop in
            let holders = Holders()
            workshop.hub = { node, inner in
                WrongHub(inner: inner, turn: { group, _ throws(TransferFailure) in try holders.ask(group, node) })
            }
        },
        PlantedBug("two words go out in the wrong order", near: 4) { workshop in
            let kept = KeptWords()
            workshop.hub = { node, inner in
                WrongHub(
                    inner: inner,
                    takes: { policy, report throws(TransferFailure) in
                        guard let first = kept.swap(node, policy, report) else { return true }
                        try inner.putStatus(policy, report)
                        try inner.putStatus(policy, first)
                        return true
                    })
            }
        },
        PlantedBug("the hub does not tell what has changed", near: 19) { $0.hub = { WrongHub(inner: $1, isSilent: true) } },
        PlantedBug("asks again and again without a pause", near: 5) { $0.hub = { WrongHub(inner: $1, times: 60) } },
        PlantedBug("what fails is tried again without bound", near: 11) { $0.hub = { WrongHub(inner: $1, tries: 700) } },
        PlantedBug("a start is drawn outside of its window", near: 5) { $0.hub = { WrongHub(inner: $1, stretch: 3) } },
    ]
}

extension StoreChange {
    fileprivate var isWord: Bool { if case .owe(let row) = self, case .status = row.content { true } else { false } }
}

/// Who asked first has the turn for ever.
private final class Holders: Sendable {
    private let holders = Mutex<[String: String]>([:])

    func ask(_ group: String, _ node: String) throws(TransferFailure) {
        let holder = holders.withLock { holders in
            holders[group] = holders[group] ?? node
            return holders[group]
        }
        if holder != node { throw TransferFailure(.status(409), subject: "turn", explanation: "HTTP 409") }
    }
}

/// Keeps each word back until the next one has passed it.
private final class KeptWords: Sendable {
    private let words = Mutex<[String: StatusReport]>([:])

    func swap(_ node: String, _ policy: PolicyID, _ report: StatusReport) -> StatusReport? {
        words.withLock { words in
            let key = "\(node) \(policy.name)"
            defer { words[key] = words[key] == nil ? report : nil }
            return words[key]
        }
    }
}
