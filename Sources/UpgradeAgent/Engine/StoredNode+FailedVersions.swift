import FoundationEssentials
import UpgradeModel
import UpgradePorts

extension StoredNode {
    /// Versions that failed or were rolled back on this node. A text that cannot be read counts as none: then a version may be tried once more.
    var failedVersions: Set<ComponentVersion> {
        guard let text = keys[.failedVersions] else { return [] }
        return (try? JSONDecoder().decode(Set<ComponentVersion>.self, from: Data(text.utf8))) ?? []
    }

    /// The same as stored, in a fixed order.
    static func text(of versions: Set<ComponentVersion>) -> String {
        let sorted = versions.sorted { ($0.component.rawValue, $0.version) < ($1.component.rawValue, $1.version) }
        return (try? JSONEncoder().encode(sorted)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }
}
