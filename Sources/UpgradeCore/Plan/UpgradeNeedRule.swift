import UpgradeModel

/// What has to be done about one component.
package enum UpgradeNeed: Hashable, Sendable {
    /// The manifest asks for nothing.
    case notWanted
    /// The node has it already.
    case upToDate
    /// It is older than what the node has, and the policy does not allow that.
    case downgradeNotAllowed
    /// It is older than what the node has, and the node's own setting does not allow that.
    case downgradeRefusedHere
    /// It is older than what the node has, and a policy with a later schedule has decided about the component.
    case downgradeSuperseded
    /// Replace the component with this version.
    case take(Version)

    /// The version to take, if any.
    package var version: Version? {
        if case .take(let version) = self { version } else { nil }
    }

    /// What happens to the component and why, in one sentence for people.
    package func explanation(_ component: Component, wanted: Version?, current: String) -> String {
        let (name, offer) = (component.rawValue, wanted.map { "\(component.rawValue) \($0)" } ?? component.rawValue)
        switch self {
        case .notWanted: return "the manifest asks for no \(name)"
        case .upToDate: return "the node has \(offer) already"
        case .downgradeNotAllowed: return "\(offer) is older than \(current), which the node has, and a downgrade is not allowed"
        case .downgradeRefusedHere:
            return "\(offer) is older than \(current), which the node has: downgrade refused here"
        case .downgradeSuperseded:
            return "\(offer) is older than \(current), which the node has, and a policy with a later schedule decided about it"
        case .take where current.isEmpty: return "\(offer) is taken, because the node names no version of its own"
        case .take: return "\(offer) replaces \(current)"
        }
    }
}

/// Decides which components an upgrade replaces.
///
/// Source: contract 4.6.
package enum UpgradeNeedRule {
    /// The schedule of another stored status and the versions that it names; empty text where it names none.
    package struct OtherUpgrade: Hashable, Sendable {
        /// When it was to start.
        package let scheduled: UTCInstant

        /// What it upgraded to.
        package let versions: PerComponent<String>

        /// Another upgrade from its parts.
        package init(scheduled: UTCInstant, versions: PerComponent<String>) {
            self.scheduled = scheduled
            self.versions = versions
        }
    }

    /// The version that unreleased software reports; it counts as older than any release.
    package static let localBuild = "local build"

    /// What to do about each component; when nothing is to be taken, the job is `no action required`.
    ///
    /// Kept: equal versions are never installed again, also when downgrades are allowed; an empty current version takes
    /// whatever is wanted. Errors: a current version that is none; the job becomes `precheck failed`.
    package static func needs(
        wanted: PerComponent<Version?>, current: PerComponent<String>, allowDowngrade: Bool,
        nodeAllowsDowngrade: Bool = true, scheduled: UTCInstant, others: [OtherUpgrade]
    ) throws(CurrentVersionError) -> PerComponent<UpgradeNeed> {
        var needs = PerComponent<UpgradeNeed>(software: .notWanted, configuration: .notWanted, certificate: .notWanted)
        for component in Component.allCases {
            guard let version = wanted[component] else { continue }
            let isSuperseded = others.contains { $0.scheduled > scheduled && !$0.versions[component].isEmpty }
            switch try order(version, current[component], component) {
            case .newer: needs[component] = .take(version)
            case .same: needs[component] = .upToDate
            case .older where !allowDowngrade: needs[component] = .downgradeNotAllowed
            case .older where !nodeAllowsDowngrade: needs[component] = .downgradeRefusedHere
            case .older: needs[component] = isSuperseded ? .downgradeSuperseded : .take(version)
            }
        }
        return needs
    }

    /// What is stored as upgraded versions once the needs are met; nil where nothing is known.
    ///
    /// Kept: software is the wanted version, even when it was not newer; the others are what the node then has.
    package static func recorded(
        _ needs: PerComponent<UpgradeNeed>, wanted: PerComponent<Version?>, current: PerComponent<String>
    ) -> PerComponent<String> {
        PerComponent(
            software: wanted.software?.text ?? "",
            configuration: needs.configuration.version?.text ?? current.configuration,
            certificate: needs.certificate.version?.text ?? current.certificate)
    }

    private enum Order {
        case newer
        case same
        case older
    }

    private static func order(_ wanted: Version, _ current: String, _ component: Component) throws(CurrentVersionError) -> Order {
        guard !current.isEmpty else { return .newer }
        let text = component == .software && current == localBuild ? "0.0.0" : current
        guard let current = Version(text) else { throw CurrentVersionError(component: component, found: current) }
        return wanted == current ? .same : wanted > current ? .newer : .older
    }
}

/// The node's own version of a component is no version.
package struct CurrentVersionError: Error, Hashable, Sendable {
    /// Which component.
    package let component: Component

    /// What the node says about it.
    package let found: String

    /// The stable word.
    package var word: String { "current-version-unreadable" }

    /// One sentence for people.
    package var explanation: String {
        "the current \(component.rawValue) version of this node is '\(found)'; expected a version such as 1.2.3"
    }

    /// What to do about it.
    package var remedy: String { "correct the version in the node's \(component.rawValue), or install it once by hand" }
}
