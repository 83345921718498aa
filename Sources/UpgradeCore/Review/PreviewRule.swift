import UpgradeModel

/// Foretells what a policy will do on a node that it matches, as far as the exchange tells; the node itself may know better.
///
/// Source: contract 4.6, 4.7.
package enum PreviewRule {
    /// What the exchange tells of a node.
    package struct Node: Hashable, Sendable {
        /// Device or cluster.
        package var type: NodeType
        /// Empty when it is not told.
        package var architecture: String
        /// Nil when it is not told.
        package var operatingSystem: String?
        /// Whether its agent runs in a container.
        package var isContainerized: Bool
        /// What it runs; empty where it is not told.
        package var current: PerComponent<String>
        /// The word of its status of this very policy; empty when it has none.
        package var status: String
        /// Software versions that did not prove themselves on it, each with the name of the policy that brought it.
        package var failed: [String: String]

        /// Memberwise.
        package init(
            type: NodeType = .device, architecture: String, operatingSystem: String?, isContainerized: Bool = false,
            current: PerComponent<String>, status: String = "", failed: [String: String] = [:]
        ) {
            self.type = type
            self.architecture = architecture
            self.operatingSystem = operatingSystem
            self.isContainerized = isContainerized
            self.current = current
            self.status = status
            self.failed = failed
        }
    }

    /// What the policy offers, and what of it the hub has.
    package struct Offer: Sendable {
        /// The manifest, for sentences.
        package var manifest: String
        /// The versions that the manifest asks for, resolved.
        package var wanted: PerComponent<Version?>
        /// The file lists of the manifest.
        package var listed: PerComponent<[String]>
        /// The files of the hub.
        package var files: Set<PlannedFile>
        /// Whether the policy allows older versions.
        package var allowsDowngrade: Bool

        /// Memberwise.
        package init(
            manifest: String, wanted: PerComponent<Version?>, listed: PerComponent<[String]>, files: Set<PlannedFile>, allowsDowngrade: Bool
        ) {
            self.manifest = manifest
            self.wanted = wanted
            self.listed = listed
            self.files = files
            self.allowsDowngrade = allowsDowngrade
        }
    }

    /// What is to be expected.
    package enum Outlook: Hashable, Sendable {
        /// Nothing that the exchange tells speaks against it.
        case upgrades
        /// It will end without doing anything.
        case nothingToDo(String)
        /// It cannot run.
        case never(String)
        /// The exchange does not tell enough.
        case unknown(String)
    }

    /// The outlook for one node.
    package static func outlook(for node: Node, _ offer: Offer) -> Outlook {
        // A status that is there already is not touched by a change of the policy, unless it still waits.
        guard ["", "waiting", "reset"].contains(node.status) else {
            return .never("its status of this policy is '\(node.status)' already; reset it to start again")
        }
        let needs: PerComponent<UpgradeNeed>
        do throws(CurrentVersionError) {
            needs = try UpgradeNeedRule.needs(
                wanted: offer.wanted, current: node.current, allowDowngrade: offer.allowsDowngrade,
                scheduled: UTCInstant(secondsSinceEpoch: 0), others: [])
        } catch {
            return .never(error.explanation)
        }
        guard Component.allCases.contains(where: { needs[$0].version != nil }) else { return .nothingToDo(nothing(needs)) }
        return missing(node, offer, needs) ?? doubt(node, needs) ?? .upgrades
    }

    private static func nothing(_ needs: PerComponent<UpgradeNeed>) -> String {
        Component.allCases.contains { needs[$0] == .downgradeNotAllowed }
            ? "it runs something newer, and the policy does not allow a downgrade" : "it runs what the manifest asks for"
    }

    /// What the node needs and does not get; nil when it gets everything.
    private static func missing(_ node: Node, _ offer: Offer, _ needs: PerComponent<UpgradeNeed>) -> Outlook? {
        var packages: [String] = []
        if needs.software.version != nil {
            guard let system = node.type == .cluster ? "" : node.operatingSystem else {
                return .unknown("its policy has no 'openhorizon.operatingSystem', so its package cannot be named")
            }
            guard !node.architecture.isEmpty else { return .unknown("it names no architecture, so its package cannot be named") }
            guard node.type == .cluster || node.isContainerized || !system.isEmpty else {
                return .never("there is no package for its operating system")
            }
            do throws(PackageNameError) {
                packages = try PackageNameRule.names(
                    for: node.type, operatingSystem: system, architecture: node.architecture, isContainerized: node.isContainerized)
            } catch {
                return .never(error.explanation)
            }
        }
        do throws(MissingFilesError) {
            let files = try ManifestFilesRule.files(needs: needs, listed: offer.listed, packages: packages, node: node.type)
            let absent = files.filter { $0.name != ManifestFilesRule.installScript && !offer.files.contains($0) }
            guard let first = absent.first else { return nil }
            return .never("the hub has no file '\(first.name)' of \(first.component.rawValue) \(first.version)")
        } catch {
            return .never(error.explanation(manifest: offer.manifest))
        }
    }

    /// What only the node knows.
    private static func doubt(_ node: Node, _ needs: PerComponent<UpgradeNeed>) -> Outlook? {
        if let software = needs.software.version, let policy = node.failed[software.text] {
            return .unknown(
                "software \(software) did not prove itself there before, under \(policy); the node decides whether it tries again")
        }
        for component in Component.allCases {
            guard let version = needs[component].version else { continue }
            if node.current[component].isEmpty { return .unknown("it does not say which \(component.rawValue) it runs") }
            if let current = Version(node.current[component]), version < current {
                return .unknown("\(component.rawValue) \(version) is older than what it runs; the node's 'allow-downgrade' decides")
            }
        }
        return nil
    }
}
