import UpgradeModel

/// The object types of agent files. Source: contract 2.1, 6.5.
enum AgentFileType: String, CaseIterable {
    case software = "agent_software_files"
    case certificate = "agent_cert_files"
    case configuration = "agent_config_files"

    /// The organization that all agent files live in.
    static let org = "IBM"

    /// The type that a user named.
    init(named text: String) throws(CommandError) {
        guard let type = AgentFileType(rawValue: text) else {
            let valid = AgentFileType.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandError(.usage, "Invalid agent file type specified. Valid types include: \(valid)")
        }
        self = type
    }

    /// The part of an agent that it replaces.
    var component: Component {
        switch self {
        case .software: .software
        case .certificate: .certificate
        case .configuration: .configuration
        }
    }

    /// The type of the objects of one version.
    func objectType(_ version: String) -> String { rawValue + "-" + version }

    /// The one file that nodes look for, where there is only one. Source: contract 4.7.
    var expectedName: String? {
        switch self {
        case .software: nil
        case .certificate: "agent-install.crt"
        case .configuration: "agent-install.cfg"
        }
    }

    /// Type and version of an object type: split at the first `-`; nil for other objects.
    static func split(_ objectType: String) -> (type: AgentFileType, version: String)? {
        guard let dash = objectType.firstIndex(of: "-"), let type = AgentFileType(rawValue: String(objectType[..<dash])) else { return nil }
        return (type, String(objectType[objectType.index(after: dash)...]))
    }
}
