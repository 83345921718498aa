import FoundationEssentials
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// What a release is, read from its own folder. Source: install.md, "Layout".
package struct ReleaseFacts: Hashable, Sendable {
    /// Its running number.
    package let number: Int
    /// Version of the agent's software.
    package let software: String
    /// Version of its configuration; empty when it has none.
    package let configuration: String
    /// Version of its certificate; empty when it has none.
    package let certificate: String
    /// The package's descriptor; nil where a program was started outside any package.
    package let descriptor: PackageDescriptor?

    /// The version that a program without a descriptor beside it has.
    package static let unpackaged = "0.0.0-dev"

    /// Memberwise.
    package init(number: Int, software: String, configuration: String, certificate: String, descriptor: PackageDescriptor?) {
        self.number = number
        self.software = software
        self.configuration = configuration
        self.certificate = certificate
        self.descriptor = descriptor
    }

    /// The versions by component.
    package var versions: PerComponent<String> {
        PerComponent(software: software, configuration: configuration, certificate: certificate)
    }

    /// Reads a release. Errors: as the tree's; a descriptor or stamp that cannot be read is an error too, never an empty version.
    package static func read(_ number: Int, in tree: any FileTree) throws(ReleaseError) -> ReleaseFacts {
        do {
            let descriptor = try PackageDescriptorDocument.read(try tree.contents(Layout.descriptor(number)))
            return ReleaseFacts(
                number: number, software: descriptor.version,
                configuration: try stamp(.configuration, at: Layout.configuration(number), in: tree),
                certificate: try stamp(.certificate, at: Layout.certificate(number), in: tree), descriptor: descriptor)
        } catch {
            throw ReleaseError("release \(number) cannot be read: \(error)")
        }
    }

    private static func stamp(_ component: Component, at path: TreePath, in tree: any FileTree) throws -> String {
        guard try tree.entry(path) != nil else { return "" }
        let stamp = try FileStamp.read(file: try tree.contents(path))
        guard stamp.kind == component else { throw ReleaseError("\(path) is stamped \(stamp.kind.rawValue)") }
        return stamp.version
    }
}

/// `release.json`: what a release is made of, kept for the version floor and for people. Source: install.md, "Layout".
package struct ReleaseDocument: Codable, Hashable, Sendable {
    /// One component as it came.
    package struct Part: Codable, Hashable, Sendable {
        /// Its version.
        package let version: String
        /// SHA-256 of the file that it came in, hexadecimal; empty for what the first install brought unsigned.
        package let digest: String

        /// Memberwise.
        package init(version: String, digest: String) {
            self.version = version
            self.digest = digest
        }
    }

    /// The agent's software.
    package let software: Part
    /// Its configuration, if it has one.
    package let configuration: Part?
    /// Its certificate, if it has one.
    package let certificate: Part?
    /// How it was installed.
    package let strategy: InstallStrategy
    /// The job that installed it; nil for a first install.
    package let job: String?
    /// The highest software version of the releases before it, which may be removed since; nil where there was none.
    package var softwareFloor: String?

    /// Memberwise.
    package init(software: Part, configuration: Part?, certificate: Part?, strategy: InstallStrategy, job: String?) {
        self.software = software
        self.configuration = configuration
        self.certificate = certificate
        self.strategy = strategy
        self.job = job
    }

    /// The document of a release; nil when it is missing or unreadable.
    package static func read(_ number: Int, in tree: any FileTree) -> ReleaseDocument? {
        guard let bytes = try? tree.contents(Layout.releaseFile(number)) else { return nil }
        return try? JSONDecoder().decode(ReleaseDocument.self, from: Data(bytes))
    }

    /// The part of a component.
    package subscript(_ component: Component) -> Part? {
        switch component {
        case .software: software
        case .configuration: configuration
        case .certificate: certificate
        }
    }

    /// As written to disk.
    package var bytes: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return (try? encoder.encode(self)).map { [UInt8]($0) } ?? []
    }
}

/// A release folder that is not what it should be.
package struct ReleaseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence.
    package let description: String

    /// Memberwise.
    package init(_ description: String) { self.description = description }
}
