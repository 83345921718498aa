import UpgradeCore
import UpgradeModel
import UpgradeWire

/// A version for each component, in the words of the wire; absent means empty.
struct VersionsCase: Codable, Hashable, Sendable {
    var softwareVersion: String?
    var configVersion: String?
    var certVersion: String?

    /// The texts, empty where there is none.
    var texts: PerComponent<String> {
        PerComponent(software: softwareVersion ?? "", configuration: configVersion ?? "", certificate: certVersion ?? "")
    }

    /// The versions, nil where there is none; nil when a text is no version.
    var versions: PerComponent<Version?>? {
        var versions = PerComponent<Version?>(software: nil, configuration: nil, certificate: nil)
        for component in Component.allCases where !texts[component].isEmpty {
            guard let version = Version(texts[component]) else { return nil }
            versions[component] = version
        }
        return versions
    }

    /// All three members, empty where there is no version.
    static func json(_ versions: PerComponent<Version?>) -> JSONValue {
        [
            "softwareVersion": .string(versions.software?.text ?? ""), "configVersion": .string(versions.configuration?.text ?? ""),
            "certVersion": .string(versions.certificate?.text ?? ""),
        ]
    }
}

/// `best_version`: a version, or null.
struct ResolutionQuestion: BatchQuestion {
    let available: Nullable<[String]>
    let wanted: String

    var answer: BatchAnswer {
        do throws(VersionResolutionError) {
            let version = try VersionResolutionRule.resolve(wanted, of: .software, available: available.value ?? [])
            return .value(.string(version.text))
        } catch {
            return .failure(.null)
        }
    }
}

/// `manifest_versions`: a version for each component, or null.
struct ManifestVersionsQuestion: BatchQuestion {
    let available: AgentFileVersionDocument
    let manifest: VersionsCase

    var answer: BatchAnswer {
        do throws(VersionResolutionError) {
            return .value(VersionsCase.json(try VersionResolutionRule.resolve(manifest.texts, available: available.perComponent)))
        } catch {
            return .failure(.null)
        }
    }
}

/// `resolve_upgrade_versions`: the version to take for each component, or null.
struct NeedsQuestion: BatchQuestion {
    struct OtherStatus: Decodable, Sendable {
        let scheduledUnix: Int64
        let upgradedVersions: Nullable<VersionsCase>
    }

    let current: VersionsCase
    let wanted: VersionsCase
    let allowDowngrade: Bool
    /// Units: seconds since 1970.
    let scheduledUnix: Int64
    let otherStatuses: Nullable<[OtherStatus]>

    var answer: BatchAnswer {
        guard let wanted = wanted.versions else { return .failure(.null) }
        let others = (otherStatuses.value ?? []).map { other in
            UpgradeNeedRule.OtherUpgrade(
                scheduled: UTCInstant(secondsSinceEpoch: other.scheduledUnix),
                versions: other.upgradedVersions.value?.texts ?? VersionsCase().texts)
        }
        do throws(CurrentVersionError) {
            let needs = try UpgradeNeedRule.needs(
                wanted: wanted, current: current.texts, allowDowngrade: allowDowngrade,
                scheduled: UTCInstant(secondsSinceEpoch: scheduledUnix), others: others)
            return .value(
                VersionsCase.json(
                    PerComponent(
                        software: needs.software.version, configuration: needs.configuration.version,
                        certificate: needs.certificate.version)))
        } catch {
            return .failure(.null)
        }
    }
}

/// `package_arch`: what the packages of a format call an architecture. A format that is not known has no names of its own.
struct ArchitectureQuestion: BatchQuestion {
    let packageType: String
    let arch: String

    var answer: BatchAnswer { .value(.string((PackageFormat(rawValue: packageType) ?? .deb).architecture(arch))) }
}

/// `package_names`: the packages that a node needs, or null.
struct PackagesQuestion: BatchQuestion {
    let nodeType: NodeType
    let operatingSystem: String
    let arch: String
    let containerized: Bool

    var answer: BatchAnswer {
        do throws(PackageNameError) {
            return .value(
                .texts(
                    try PackageNameRule.names(
                        for: nodeType, operatingSystem: operatingSystem, architecture: arch, isContainerized: containerized)))
        } catch {
            return .failure(.null)
        }
    }
}

/// `download_plan`: organization, type and name of each object that is fetched. Where the manifest does not list a file that is needed,
/// that is an error, and the others are its usual form.
struct FilesQuestion: BatchQuestion {
    static let answerKey = "expectObjects"

    let nodeType: NodeType
    let packages: Nullable<[String]>
    let manifest: ManifestDocument
    let upgradeVersions: VersionsCase

    var answer: BatchAnswer {
        guard let versions = upgradeVersions.versions else { return .failure(.null) }
        var needs = PerComponent<UpgradeNeed>(software: .notWanted, configuration: .notWanted, certificate: .notWanted)
        for component in Component.allCases { needs[component] = versions[component].map { .take($0) } ?? .notWanted }
        let (files, missing) = ManifestFilesRule.listedAndMissing(
            needs: needs, listed: manifest.fileLists, packages: packages.value ?? [], node: nodeType)
        let objects = files.map { file in
            JSONValue.texts([AgentFileType.org, AgentFileType(of: file.component).objectType(file.version), file.name])
        }
        return missing.isEmpty ? .value(.array(objects)) : .failure(.array(objects))
    }
}

extension AgentFileVersionDocument {
    /// The lists by component.
    var perComponent: PerComponent<[String]> {
        PerComponent(software: agentSoftwareVersions, configuration: agentConfigVersions, certificate: agentCertVersions)
    }
}

extension ManifestDocument {
    /// The file lists by component.
    var fileLists: PerComponent<[String]> {
        PerComponent(
            software: softwareUpgrade.files, configuration: configurationUpgrade.files, certificate: certificateUpgrade.files)
    }
}

extension AgentFileType {
    /// The type of the files of a component.
    init(of component: Component) {
        switch component {
        case .software: self = .software
        case .configuration: self = .configuration
        case .certificate: self = .certificate
        }
    }
}
