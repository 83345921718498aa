/// Where an agent runs, as far as its packages differ.
package enum NodeType: String, Codable, Hashable, Sendable {
    /// A single machine.
    case device
    /// An edge cluster.
    case cluster
}

/// The packaging of an operating system.
package enum PackageFormat: String, CaseIterable, Hashable, Sendable {
    /// Debian and its kin.
    case deb
    /// Red Hat, SUSE and their kin.
    case rpm
    /// macOS.
    case pkg

    /// The format of an operating system by its `openhorizon.operatingSystem` word; nil when it is not supported.
    package init?(operatingSystem: String) {
        switch operatingSystem {
        case "ubuntu", "debian", "raspbian": self = .deb
        case "rhel", "centos", "fedora", "suse": self = .rpm
        case "macos": self = .pkg
        default: return nil
        }
    }

    /// What this format calls an architecture.
    package func architecture(_ architecture: String) -> String {
        switch (self, architecture) {
        case (_, "arm"): "armhf"
        case (.rpm, "amd64"), (.pkg, "amd64"): "x86_64"
        default: architecture
        }
    }
}

/// Names the software packages that a node needs.
///
/// Source: contract 4.7.
package enum PackageNameRule {
    /// The names, container image first.
    ///
    /// Kept: a cluster does not look at its operating system; an empty operating system needs no host package.
    /// Errors: an operating system that is not supported; the job becomes `precheck failed`.
    package static func names(
        for node: NodeType, operatingSystem: String, architecture: String, isContainerized: Bool
    ) throws(PackageNameError) -> [String] {
        if node == .cluster {
            return ["horizon-agent-edge-cluster-files.tar.gz", "\(architecture)_anax_k8s.tar.gz"]
        }
        let image = isContainerized ? ["\(architecture)_anax.tar.gz"] : []
        guard !operatingSystem.isEmpty else { return image }
        guard let format = PackageFormat(operatingSystem: operatingSystem) else {
            throw PackageNameError(operatingSystem: operatingSystem)
        }
        let family = format == .pkg ? "macos" : "linux"
        return image + ["horizon-agent-\(family)-\(format.rawValue)-\(format.architecture(architecture)).tar.gz"]
    }
}

/// There is no package for the operating system of this node.
package struct PackageNameError: Error, Hashable, Sendable {
    /// The operating system as the node names it.
    package let operatingSystem: String

    /// The stable word.
    package var word: String { "operating-system-unsupported" }

    /// One sentence for people.
    package var explanation: String {
        "there is no package for the operating system '\(operatingSystem)'; "
            + "expected ubuntu, debian, raspbian, rhel, centos, fedora, suse or macos"
    }

    /// What to do about it.
    package var remedy: String { "upgrade this node by hand, or keep it out of the policy" }
}
