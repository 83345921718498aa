import UpgradeModel
import UpgradeWire

extension AgentFileVersionDocument {
    /// The versions of a type.
    subscript(type: AgentFileType) -> [String] {
        get {
            switch type {
            case .software: agentSoftwareVersions
            case .certificate: agentCertVersions
            case .configuration: agentConfigVersions
            }
        }
        set {
            switch type {
            case .software: agentSoftwareVersions = newValue
            case .certificate: agentCertVersions = newValue
            case .configuration: agentConfigVersions = newValue
            }
        }
    }

    /// Newest first, each spelling once; what is no version stays at the end as it was.
    static func merged(_ versions: [String], with version: String) -> [String] {
        var seen: Set<String> = []
        let all = ([version] + versions).filter { seen.insert($0).inserted }
        let known = all.compactMap { Version($0) }.enumerated().sorted { left, right in
            left.element == right.element ? left.offset < right.offset : left.element > right.element
        }
        return known.map(\.element.text) + all.filter { Version($0) == nil }
    }
}
