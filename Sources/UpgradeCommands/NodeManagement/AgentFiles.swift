import UpgradeModel
import UpgradeWire

/// The agent files among the objects of the CSS.
struct AgentFiles {
    let all: [AgentFile]

    init(all: [AgentFile]) { self.all = all }

    /// Objects of other types, and deleted ones, are left out.
    init(_ objects: [ObjectMetadataDocument]) {
        all = objects.compactMap { object in
            guard !object.deleted, let (type, version) = AgentFileType.split(object.objectType) else { return nil }
            return AgentFile(type: type, version: version, name: object.objectID, description: object.description)
        }
    }

    /// The files of the versions that an expression asks for; `latest` is the newest of each type.
    func fitting(_ wanted: VersionExpression) -> [AgentFile] {
        switch wanted {
        case .exact(let version): return all.filter { Version($0.version) == version }
        case .range(let range): return all.filter { Version($0.version).map(range.contains) ?? false }
        case .latest:
            return all.filter { file in
                guard let version = Version(file.version) else { return false }
                return !all.contains { $0.type == file.type && (Version($0.version).map { $0 > version } ?? false) }
            }
        }
    }

    /// Whether a manifest that asks for this finds the file: `latest` in any version, a range in any version inside.
    func has(_ name: String, _ type: AgentFileType, _ wanted: VersionExpression) -> Bool {
        all.contains { file in
            guard file.type == type, name == "*" || file.name == name else { return false }
            switch wanted {
            case .latest: return true
            case .exact(let version): return file.version == version.text
            case .range(let range): return Version(file.version).map(range.contains) ?? false
            }
        }
    }
}
