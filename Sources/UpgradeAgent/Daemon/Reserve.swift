import UpgradeModel
import UpgradePorts

/// A little space that is held back for bad days: when a commit finds the disk full, it is given up, so that the truth can still be written.
package struct Reserve: Sendable {
    private static let bytes = 1 << 20
    private static let room: Int64 = 16 << 20

    private let tree: any FileTree

    /// In the state folder.
    package init(tree: any FileTree) { self.tree = tree }

    /// Gives it up; true when there was some.
    func giveUp() -> Bool {
        guard (try? tree.entry(Layout.reserve)) != nil else { return false }
        return (try? tree.remove(Layout.reserve)) != nil
    }

    /// Makes it when there is room; otherwise another time. True when it is there.
    @discardableResult
    package func make() -> Bool {
        do {
            if try tree.entry(Layout.reserve) != nil { return true }
            guard try tree.freeBytes() > Reserve.room else { return false }
            let file = try tree.create(Layout.reserve, mode: 0o600)
            try file.write([UInt8](repeating: 0, count: Reserve.bytes), at: 0)
            try file.sync()
            return true
        } catch {
            try? tree.removeIfPresent(Layout.reserve)
            return false
        }
    }
}
