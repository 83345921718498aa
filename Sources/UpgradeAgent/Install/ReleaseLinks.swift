import UpgradeCore
import UpgradeModel
import UpgradePorts

/// The links `current` and `recover`, and the ready-made ones that switch, rollback and commit only rename: none of the three needs free
/// space. Source: install.md, "The journal".
struct ReleaseLinks {
    private static let forward = TreePath.known("current.new")
    private static let back = TreePath.known("current.back")
    private static let keep = TreePath.known("recover.new")

    let tree: any FileTree

    /// Makes all three and syncs their names, before `switch-intended`.
    func prepare(old: Int, new: Int) throws(FileError) {
        try clear()
        try tree.symbolicLink(Layout.linkText(new), at: ReleaseLinks.forward)
        try tree.symbolicLink(Layout.linkText(old), at: ReleaseLinks.back)
        try tree.symbolicLink(Layout.linkText(new), at: ReleaseLinks.keep)
        try tree.syncDirectory(.root)
    }

    /// `current` names the new release. Again after an interruption: nothing happens.
    func switchTo(_ new: Int) throws(FileError) { try flip(ReleaseLinks.forward, to: Layout.current, release: new) }

    /// `current` names the old release again.
    func switchBack(to old: Int) throws(FileError) { try flip(ReleaseLinks.back, to: Layout.current, release: old) }

    /// `recover` names the new release: it is the last committed one.
    func commit(_ new: Int) throws(FileError) { try flip(ReleaseLinks.keep, to: Layout.recover, release: new) }

    /// Removes what was not used, for good.
    func clear() throws(FileError) {
        for link in [ReleaseLinks.forward, ReleaseLinks.back, ReleaseLinks.keep] { try tree.removeIfPresent(link) }
        try tree.syncDirectory(.root)
    }

    /// The running release and the job that built it, where nobody committed it and the job has no last record: then that job has switched,
    /// whatever its journal kept.
    func uncommitted() throws(FileError) -> (ticket: Ticket, old: Int, new: Int)? {
        guard let new = try tree.release(at: Layout.current), let old = try tree.release(at: Layout.recover), new != old,
            let ticket = ReleaseDocument.read(new, in: tree)?.job.flatMap({ Ticket($0) }), try tree.entry(Layout.job(ticket)) != nil,
            (try? Journal.look(Layout.journal(ticket), in: tree))?.isFinal != true
        else { return nil }
        return (ticket, old, new)
    }

    private func flip(_ ready: TreePath, to link: TreePath, release: Int) throws(FileError) {
        if try tree.release(at: link) != release { try tree.rename(ready, to: link) }
        try tree.syncDirectory(.root)
    }
}
