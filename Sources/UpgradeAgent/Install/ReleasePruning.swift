import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Removes old releases once a job has its outcome. Under the install lock, and only while nothing is open: what `current` and `recover` name
/// stays, and nothing goes before a commit. A release is renamed away first, so that a half removed one has no name that anybody opens.
struct ReleasePruning: Sendable {
    private static let ending = ".pruned"

    let tree: any FileTree
    let locks: any Locks
    /// How many releases stay beside the running one.
    let kept: Int
    /// What they may have together.
    let bytesMax: Int64

    /// The releases that were removed; nil when it is not the time for it. Errors: as the tree's; what is left goes another time.
    func run() throws(FileError) -> [Int]? {
        guard let lock = try locks.take(.install) else { return nil }
        defer { lock.release() }
        guard let running = try tree.release(at: Layout.current), try tree.release(at: Layout.recover) == running, try isCalm() else {
            return nil
        }
        let names = try tree.list(Layout.releases)
        for name in names where name.hasSuffix(Self.ending) { try tree.removeTree(Layout.releases.appending(name)) }
        var found: [PruneRule.Release] = []
        for number in names.compactMap({ Int($0) }) where number != running {
            // What is newer than the running release was never committed.
            let document = try tree.entry(Layout.releaseFile(number))
            let isWhole = number < running && document != nil
            found.append(PruneRule.Release(number: number, bytes: try bytes(in: Layout.release(number)), isWhole: isWhole))
        }
        let surplus = PruneRule.surplus(found, needed: [running], kept: kept, bytesMax: bytesMax)
        for number in surplus { try remove(number) }
        return surplus
    }

    /// No installer has anything left to do, and no journal hides that one has.
    private func isCalm() throws(FileError) -> Bool {
        let survey = try OpenJobs(tree: tree).survey()
        return survey.unreadable.isEmpty && survey.jobs.allSatisfy { $0.reading.isFinal || $0.reading.records.isEmpty }
    }

    private func remove(_ number: Int) throws(FileError) {
        let away = Layout.releases.appending(String(number) + Self.ending)
        try tree.rename(Layout.release(number), to: away)
        try tree.syncDirectory(Layout.releases)
        try tree.removeTree(away)
    }

    private func bytes(in top: TreePath) throws(FileError) -> Int64 {
        var folders = [top]
        var bytes: Int64 = 0
        while let folder = folders.popLast() {
            for name in try tree.list(folder) {
                let path = folder.appending(name)
                guard let entry = try tree.entry(path) else { continue }
                if entry.kind == .directory { folders.append(path) } else { bytes += entry.length }
            }
        }
        return bytes
    }
}
