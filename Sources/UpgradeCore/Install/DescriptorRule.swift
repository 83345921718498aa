import UpgradeModel

/// Whether the signed descriptor of a package says what the plan asked for: an old signed package under a new version, or one for another
/// machine, is refused here. Source: install.md, "What the installer believes"; architecture, "Bytes and trust".
package enum DescriptorRule {
    /// What the plan and the running release expect.
    package struct Expectation: Hashable, Sendable {
        /// The running release's package name.
        package let name: String
        /// The version that the plan asked for.
        package let version: String
        /// This machine's architecture, as the exchange names it.
        package let architecture: String
        /// The running release's strategy.
        package let strategy: InstallStrategy
        /// This machine's system.
        package let system: OperatingSystem
        /// The running release's version.
        package let agentVersion: String

        /// Memberwise; what is left out fits no package that asks for it.
        package init(
            name: String, version: String, architecture: String, strategy: InstallStrategy, system: OperatingSystem = .unknown,
            agentVersion: String = ""
        ) {
            self.name = name
            self.version = version
            self.architecture = architecture
            self.strategy = strategy
            self.system = system
            self.agentVersion = agentVersion
        }
    }

    /// One sentence for the first thing that is wrong; nil when all is right.
    package static func objection(to descriptor: PackageDescriptor, expected: Expectation) -> String? {
        if descriptor.strategy != expected.strategy {
            return "wrong strategy: " + sentence("strategy", descriptor.strategy.rawValue, expected.strategy.rawValue)
        }
        if descriptor.strategy == .script, let moment = descriptor.hooks.keys.map(\.rawValue).min() {
            return "the package's signed descriptor has a hook for \(moment), expected none: strategy script runs no hooks of a package"
        }
        if descriptor.name != expected.name { return sentence("name", descriptor.name, expected.name) }
        if Version(descriptor.version) == nil || Version(descriptor.version) != Version(expected.version) {
            return sentence("version", descriptor.version, expected.version)
        }
        if descriptor.architecture != expected.architecture {
            return sentence("architecture", descriptor.architecture, expected.architecture)
        }
        return objection(to: descriptor, on: expected.system) ?? objection(to: descriptor, installedBy: expected.agentVersion)
    }

    /// One sentence when the package is not for this system.
    package static func objection(to descriptor: PackageDescriptor, on system: OperatingSystem) -> String? {
        guard !descriptor.systems.isEmpty, !descriptor.systems.contains(where: { $0.contains(system) }) else { return nil }
        let list = descriptor.systems.map(\.description).joined(separator: ", ")
        return "the package is for \(VisibleText.escaping(list)), found \(system) in /etc/os-release; publish one for this system"
    }

    private static func objection(to descriptor: PackageDescriptor, installedBy agent: String) -> String? {
        guard let least = descriptor.minimumAgentVersion, let wanted = Version(least) else { return nil }
        if let own = Version(agent), own >= wanted { return nil }
        return "the package can be installed by version \(wanted.text) or later, found \(VisibleText.escaping(agent)); upgrade to one in "
            + "between first"
    }

    /// The same for a configuration or certificate file's first line.
    package static func objection(to stamp: FileStamp, kind: Component, version: String) -> String? {
        if stamp.kind != kind { return "the signed first line says kind \(stamp.kind.rawValue), expected \(kind.rawValue)" }
        if Version(stamp.version) != Version(version) { return "the signed first line says version \(stamp.version), expected \(version)" }
        return nil
    }

    private static func sentence(_ field: String, _ found: String, _ expected: String) -> String {
        "the package's signed descriptor says \(field) \(VisibleText.escaping(found)), expected \(expected)"
    }
}
