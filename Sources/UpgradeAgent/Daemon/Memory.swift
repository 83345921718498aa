import Logging
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Opens the memory of a release, or begins a fresh one in a way that cannot be mistaken for an empty one. Source: install.md, "A damaged or
/// missing database".
struct MemoryOpener {
    let ports: AgentPorts
    let release: Int
    /// On trial a damaged database is a failed start.
    let isOnTrial: Bool

    func open() throws(StoreError) -> (store: any Store, node: StoredNode) {
        do {
            return try openOrBegin()
        } catch  where error.kind == .noSpace && Reserve(tree: ports.state).giveUp() {
            // Opening needs side files; a full disk must not keep the old release from coming back.
            return try openOrBegin()
        }
    }

    private func openOrBegin() throws(StoreError) -> (store: any Store, node: StoredNode) {
        let path = Layout.database(release)
        do {
            return try loaded(try ports.databases.open(path))
        } catch  where !isOnTrial && (error.kind == .damaged || error.kind == .missing) {
            ports.log.error("the database is lost", metadata: ["error": "\(error)"])
            var reason = "database lost: \(error.explanation)"
            if error.kind == .damaged { reason += "; kept as \(try ports.databases.setAside(path))" }
            return try fresh(path, reason)
        }
    }

    private func loaded(_ store: any Store) throws(StoreError) -> (any Store, StoredNode) { (store, try store.load()) }

    private func fresh(_ path: TreePath, _ reason: String) throws(StoreError) -> (any Store, StoredNode) {
        let store = try ports.databases.create(path)
        try store.commit([
            .set(.databaseLost, reason), .set(.softwareFloor, floor()),
            .log(EventLogRow(at: ports.clock.now(), severity: "error", code: "database_lost", message: reason, policy: nil)),
        ])
        return try loaded(store)
    }

    /// The version floor from what the releases say of themselves.
    private func floor() -> String? {
        let names = (try? ports.state.list(Layout.releases)) ?? []
        let committed = names.compactMap { Int($0) }.filter { $0 <= release }
        let documents = committed.compactMap { ReleaseDocument.read($0, in: ports.state) }
        return documents.flatMap { [$0.software.version, $0.softwareFloor ?? ""] }.compactMap { Version($0) }.max()?.text
    }
}
