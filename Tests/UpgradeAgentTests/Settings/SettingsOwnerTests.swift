import Testing
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

@testable import UpgradeAgent

/// Settings that somebody else could have written hold and are told.
@Suite struct SettingsOwnerTests {
    private let folder = TreePath.known("etc", "uplift")
    private let file = TreePath.known("etc", "uplift", "a.conf")

    private func tree(owner: UInt32 = 0) throws -> SimFileTree {
        let tree = SimFileTree(owner: owner)
        try tree.put(file, "retry-tries=5\n")
        return tree
    }

    /// What is told; the value holds in any case.
    private func told(_ tree: SimFileTree, value: String = "5") throws -> [String] {
        let settings = SettingsReader(root: tree, rootPath: "/r", state: SimFileTree(), user: 1000).settings(release: nil)
        #expect(settings[.retryTries].value == value)
        return settings.mistakes
    }

    @Test(arguments: [0, 1000] as [UInt32])
    func `root's files and our own are read`(owner: UInt32) throws { #expect(try told(try tree(owner: owner)) == []) }

    @Test func `a foreign owner is told`() throws {
        let why = "belongs to user 4711, expected 0 (root) or 1000; do: chown root"
        #expect(
            try told(try tree(owner: 4711)) == ["/r/etc/uplift", "/r/etc/uplift/a.conf"].map { "\($0) \(why) \($0)" })
    }

    @Test(arguments: [0o620, 0o602, 0o666] as [UInt16])
    func `a file that others can write is told`(mode: UInt16) throws {
        let tree = try tree()
        try tree.setMode(file, mode: mode)
        let octal = String(mode, radix: 8)
        #expect(
            try told(tree) == ["/r/etc/uplift/a.conf can be written by others (mode \(octal)); do: chmod go-w /r/etc/uplift/a.conf"])
    }

    @Test(arguments: [0o770, 0o777, 0o1777] as [UInt16])
    func `a folder that others can write is told, whatever is in it`(mode: UInt16) throws {
        let tree = try tree()
        try tree.setMode(folder, mode: mode)
        #expect(try told(tree).count == 1)
        try tree.remove(file)
        #expect(try told(tree, value: "20").first?.hasSuffix("do: chmod go-w /r/etc/uplift") == true)
    }

    @Test func `what is no settings file may be anybody's`() throws {
        let tree = try tree()
        try tree.put(.known("etc", "uplift", "notes.txt"), "x", mode: 0o666)
        try tree.setMode(file, mode: 0o444)
        #expect(try told(tree) == [])
    }
}
