import UpgradeModel

/// One file that an upgrade fetches.
package struct PlannedFile: Hashable, Codable, Sendable {
    /// What the file belongs to.
    package let component: Component

    /// The version of the component.
    package let version: String

    /// The name, as the manifest lists it.
    package let name: String

    /// A file from its parts.
    package init(component: Component, version: String, name: String) {
        self.component = component
        self.version = version
        self.name = name
    }
}

/// Decides which files an upgrade fetches.
///
/// Source: contract 4.7.
package enum ManifestFilesRule {
    /// The entry that stands for every file.
    package static let everything = "*"

    /// The installation script of the real agent; fetched by devices when it is there.
    package static let installScript = "agent-install.sh"

    /// The one file of a new configuration.
    package static let configurationFile = "agent-install.cfg"

    /// The one file of a new certificate.
    package static let certificateFile = "agent-install.crt"

    /// The files to fetch, in this order: packages, script, configuration, certificate.
    ///
    /// Changed, because the outcome is the same and fetching first is wasted: missing names are an error before anything is
    /// fetched. Errors: every needed name that the manifest does not list; the job becomes `precheck failed`.
    ///
    /// - Parameters:
    ///   - listed: the file lists of the manifest.
    ///   - packages: the names that `PackageNameRule` gave.
    package static func files(
        needs: PerComponent<UpgradeNeed>, listed: PerComponent<[String]>, packages: [String], node: NodeType
    ) throws(MissingFilesError) -> [PlannedFile] {
        let (files, missing) = listedAndMissing(needs: needs, listed: listed, packages: packages, node: node)
        guard missing.isEmpty else { throw MissingFilesError(names: missing) }
        return files
    }

    /// What the manifest lists of the files to fetch, and the needed names that it does not list, both in the order of `files`.
    package static func listedAndMissing(
        needs: PerComponent<UpgradeNeed>, listed: PerComponent<[String]>, packages: [String], node: NodeType
    ) -> (files: [PlannedFile], missing: [String]) {
        var files: [PlannedFile] = []
        var missing: [String] = []
        for component in Component.allCases {
            guard let version = needs[component].version else { continue }
            // Byte by byte: names that only look alike are two objects to the hub.
            let isListed = { (name: String) in
                listed[component].contains { $0.utf8.elementsEqual(name.utf8) || $0.utf8.elementsEqual(everything.utf8) }
            }
            let needed = neededNames(component, packages)
            missing += needed.filter { !isListed($0) }
            let optional = component == .software && node == .device ? [installScript] : []
            files += (needed + optional).filter(isListed).map { PlannedFile(component: component, version: version.text, name: $0) }
        }
        return (files, missing)
    }

    private static func neededNames(_ component: Component, _ packages: [String]) -> [String] {
        switch component {
        case .software: packages
        case .configuration: [configurationFile]
        case .certificate: [certificateFile]
        }
    }
}

/// The manifest does not list files that this node needs.
package struct MissingFilesError: Error, Hashable, Sendable {
    /// The names; never empty.
    package let names: [String]

    /// The stable word.
    package var word: String { "files-not-in-manifest" }

    /// The message of the real agent, which scripts look for.
    package func explanation(manifest: String) -> String {
        "The following package or file names are not listed in the manifest \(manifest): \(names.joined(separator: ", "))"
    }

    /// What to do about it.
    package var remedy: String { "add the names to the manifest, or '*' for every file" }
}
