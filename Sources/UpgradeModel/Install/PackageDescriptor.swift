/// What a package says about itself: who it is, how it is installed, and how it proves that it works.
///
/// It lies in the package, so the signature covers it; the installer compares it with the plan before anything else is believed.
/// Source: architecture, "Bytes and trust"; install.md, "What the installer believes".
package struct PackageDescriptor: Codable, Hashable, Sendable {
    /// The form of the document that we read.
    package static let knownFormatVersion = 1

    /// The form of the document.
    package let formatVersion: Int
    /// What the package is; must equal the name of the release that it replaces.
    package let name: String
    /// A version as in contract 4.5, spelt as in the document.
    package let version: String
    /// The processor it runs on, as `openhorizon.arch` names it: `amd64`, `arm64`.
    package let architecture: String
    /// How it is installed.
    package let strategy: InstallStrategy
    /// How it proves that it works; nil when the agent's own evidence is all there is.
    package let health: HealthCommand?
    /// Its own commands at moments of the upgrade. Shape: each as `HealthCommand.command`.
    package let hooks: [HookEvent: [String]]
    /// Bytes that must stay free after unpacking; 0 when the package does not care.
    package let minimumFreeBytes: Int64
    /// Systems that it can be installed on; empty = any.
    package let systems: [SupportedSystem]
    /// Least version of the running release that may install it; nil = any.
    package let minimumAgentVersion: String?
    /// When it was built; nil when it does not say.
    package let built: UTCInstant?

    /// Memberwise.
    package init(
        formatVersion: Int = knownFormatVersion, name: String, version: String, architecture: String, strategy: InstallStrategy,
        health: HealthCommand? = nil, hooks: [HookEvent: [String]] = [:], minimumFreeBytes: Int64 = 0, systems: [SupportedSystem] = [],
        minimumAgentVersion: String? = nil, built: UTCInstant? = nil
    ) {
        self.formatVersion = formatVersion
        self.name = name
        self.version = version
        self.architecture = architecture
        self.strategy = strategy
        self.health = health
        self.hooks = hooks
        self.minimumFreeBytes = minimumFreeBytes
        self.systems = systems
        self.minimumAgentVersion = minimumAgentVersion
        self.built = built
    }
}

/// How a package gets onto a node. Source: architecture, "Install".
package enum InstallStrategy: String, Codable, CaseIterable, Hashable, Sendable {
    /// A release folder and one switch of `current`.
    case tree
    /// `dpkg`, with the way back on disk first.
    case deb
    /// The upgrade script of an Open Horizon agent beside us.
    case script
}

/// The command by which a package proves that it works.
package struct HealthCommand: Codable, Hashable, Sendable {
    /// The program and its arguments. Shape: 1 to 64; the first is a `TreePath` below the release's `software` folder.
    package let command: [String]
    /// How long it may take, in seconds. Shape: 0.1 to 86,400.
    package let deadlineSeconds: Double

    /// Memberwise.
    package init(command: [String], deadlineSeconds: Double) {
        self.command = command
        self.deadlineSeconds = deadlineSeconds
    }

    /// How long it may take.
    package var deadline: Duration { .seconds(deadlineSeconds) }
}
