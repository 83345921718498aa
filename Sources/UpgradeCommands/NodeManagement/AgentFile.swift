import UpgradeModel

/// One agent file that the CSS holds.
struct AgentFile: Hashable {
    let type: AgentFileType
    let version: String
    let name: String
    let description: String

    /// By type, then by version, both descending, then by name. Source: contract 6.5.
    static func comesBefore(_ left: AgentFile, _ right: AgentFile) -> Bool {
        if left.type != right.type { return left.type.rawValue > right.type.rawValue }
        if left.version != right.version {
            // A spelling that is no version is below all versions.
            switch (Version(left.version), Version(right.version)) {
            case (let old?, let new?) where old != new: return old > new
            case (_?, nil): return true
            case (nil, _?): return false
            default: return left.version > right.version
            }
        }
        return left.name < right.name
    }
}
