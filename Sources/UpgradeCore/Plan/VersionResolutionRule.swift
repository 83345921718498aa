import UpgradeModel

/// Turns what a manifest asks for into one version.
///
/// Source: contract 4.5.
package enum VersionResolutionRule {
    /// The version of every component that the manifest names; nil where it asks for nothing.
    ///
    /// Errors: the first component, in their order, whose wish cannot be met; the job becomes `precheck failed`.
    package static func resolve(
        _ wanted: PerComponent<String>, available: PerComponent<[String]>
    ) throws(VersionResolutionError) -> PerComponent<Version?> {
        var resolved = PerComponent<Version?>(software: nil, configuration: nil, certificate: nil)
        for component in Component.allCases where !wanted[component].isEmpty {
            resolved[component] = try resolve(wanted[component], of: component, available: available[component])
        }
        return resolved
    }

    /// The version of one component.
    ///
    /// Kept: entries of the list that are no versions are ignored; an exact version is taken without looking for it in the
    /// list; of equal versions the first spelling in the list is taken.
    package static func resolve(
        _ wanted: String, of component: Component, available: [String]
    ) throws(VersionResolutionError) -> Version {
        let versions = available.compactMap { Version($0) }
        switch VersionExpression(wanted) {
        case .exact(let version):
            return version
        case .latest:
            guard let newest = newest(versions) else { throw .nothingAvailable(component: component) }
            return newest
        case .range(let range):
            guard let newest = newest(versions.filter(range.contains)) else {
                throw .nothingInRange(component: component, range: range, available: versions.count)
            }
            return newest
        case nil:
            throw .unreadable(component: component, found: wanted)
        }
    }

    /// What `latest` means for each component whose wish is that word; empty text where nothing is offered.
    package static func latest(_ wanted: PerComponent<String>, available: PerComponent<[String]>) -> [Component: String] {
        var latest: [Component: String] = [:]
        for component in Component.allCases {
            guard case .latest? = VersionExpression(wanted[component]) else { continue }
            latest[component] = newest(of: available[component])
        }
        return latest
    }

    /// The newest of a list; empty text when it holds no version.
    package static func newest(of available: [String]) -> String { newest(available.compactMap { Version($0) })?.text ?? "" }

    private static func newest(_ versions: [Version]) -> Version? {
        versions.reduce(nil) { (best: Version?, version) in
            guard let best else { return version }
            return version > best ? version : best
        }
    }
}

/// Why a manifest's wish for a version cannot be met.
package enum VersionResolutionError: Error, Hashable, Sendable {
    /// The wish is neither `latest`, nor a version, nor a range.
    case unreadable(component: Component, found: String)
    /// `latest` was asked for, and nothing is offered.
    case nothingAvailable(component: Component)
    /// Nothing that is offered lies in the range. Units: `available` counts what is offered.
    case nothingInRange(component: Component, range: VersionRange, available: Int)

    /// The stable word.
    package var word: String {
        switch self {
        case .unreadable: "manifest-version-unreadable"
        case .nothingAvailable: "no-version-available"
        case .nothingInRange: "no-version-in-range"
        }
    }

    /// One sentence for people.
    package var explanation: String {
        switch self {
        case .unreadable(let component, let found):
            "the manifest asks for \(component.rawValue) '\(found)'; expected 'latest', a version or a range"
        case .nothingAvailable(let component):
            "the manifest asks for the latest \(component.rawValue), and the exchange lists no \(component.rawValue) version"
        case .nothingInRange(let component, let range, let available):
            "the manifest asks for \(component.rawValue) in \(range), "
                + "and none of the \(available) versions that the exchange lists is inside"
        }
    }

    /// What to do about it.
    package var remedy: String {
        switch self {
        case .unreadable: "correct the version in the manifest"
        case .nothingAvailable, .nothingInRange: "publish a fitting version, or change the version in the manifest"
        }
    }
}
