/// A distribution and its version, as `/etc/os-release` names them. Source: os-release(5).
package struct OperatingSystem: Hashable, Sendable, CustomStringConvertible {
    /// `ID`: `debian`; empty when it is not known.
    package let id: String
    /// `VERSION_ID`: `12`; empty where the distribution has none.
    package let version: String

    /// A system that says nothing of itself.
    package static let unknown = OperatingSystem(id: "", version: "")

    /// Memberwise.
    package init(id: String, version: String) {
        self.id = id
        self.version = version
    }

    package var description: String {
        id.isEmpty ? "an unknown system" : version.isEmpty ? VisibleText.escaping(id) : VisibleText.escaping("\(id) \(version)")
    }
}

/// Systems that a package can be installed on.
package struct SupportedSystem: Codable, Hashable, Sendable, CustomStringConvertible {
    /// As `OperatingSystem.id`.
    package let id: String
    /// As `OperatingSystem.version`, compared as texts; empty = every version.
    package let versions: [String]

    /// Memberwise.
    package init(id: String, versions: [String]) {
        self.id = id
        self.versions = versions
    }

    /// True when the system is one of these.
    package func contains(_ system: OperatingSystem) -> Bool {
        id == system.id && (versions.isEmpty || versions.contains(system.version))
    }

    package var description: String { versions.isEmpty ? id : "\(id) \(versions.joined(separator: " or "))" }
}
