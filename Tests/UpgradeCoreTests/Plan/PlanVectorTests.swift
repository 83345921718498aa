import Testing
import UpgradeCore
import UpgradeModel

@Suite struct PlanVectorTests {
    struct Versions: Decodable {
        let softwareVersion: String
        let configVersion: String
        let certVersion: String

        var perComponent: PerComponent<String> {
            PerComponent(software: softwareVersion, configuration: configVersion, certificate: certVersion)
        }
    }

    struct OtherStatus: Decodable {
        let scheduledUnix: Int64
        let upgradedVersions: Versions
    }

    struct Need: Decodable {
        let id: String
        let current: Versions
        let wanted: Versions
        let allowDowngrade: Bool
        let scheduledUnix: Int64
        let otherStatuses: [OtherStatus]
        let expect: Versions?
    }

    struct Available: Decodable {
        let agentSoftwareVersions: [String]
        let agentConfigVersions: [String]
        let agentCertVersions: [String]
    }

    struct ManifestVersions: Decodable {
        let id: String
        let available: Available
        let manifest: Versions
        let expect: Versions
    }

    struct BestVersion: Decodable {
        let id: String
        let available: [String]
        let wanted: String
        let expect: String?
    }

    struct Architecture: Decodable {
        let id: String
        let packageType: String
        let arch: String
        let expect: String
    }

    struct Packages: Decodable {
        let id: String
        let nodeType: NodeType
        let operatingSystem: String
        let arch: String
        let containerized: Bool
        let expect: [String]?
    }

    struct ManifestPart: Decodable {
        let files: [String]?
    }

    struct Manifest: Decodable {
        let softwareUpgrade: ManifestPart
        let configurationUpgrade: ManifestPart
        let certificateUpgrade: ManifestPart
    }

    struct Download: Decodable {
        let id: String
        let nodeType: NodeType
        let packages: [String]
        let manifest: Manifest
        let upgradeVersions: Versions
        let expectObjects: [[String]]
    }

    private func versions(_ texts: PerComponent<String>) -> PerComponent<Version?> {
        PerComponent(
            software: Version(texts.software), configuration: Version(texts.configuration), certificate: Version(texts.certificate))
    }

    @Test func needs() throws {
        let cases = try VectorFile.cases("versions_resolve", kind: "resolve_upgrade_versions", as: Need.self)
        #expect(cases.count == 11)
        for vector in cases {
            let others = vector.otherStatuses.map {
                UpgradeNeedRule.OtherUpgrade(
                    scheduled: UTCInstant(secondsSinceEpoch: $0.scheduledUnix), versions: $0.upgradedVersions.perComponent)
            }
            let needs = try? UpgradeNeedRule.needs(
                wanted: versions(vector.wanted.perComponent), current: vector.current.perComponent, allowDowngrade: vector.allowDowngrade,
                scheduled: UTCInstant(secondsSinceEpoch: vector.scheduledUnix), others: others)
            let taken = needs.map { needs in
                PerComponent(
                    software: needs.software.version?.text ?? "", configuration: needs.configuration.version?.text ?? "",
                    certificate: needs.certificate.version?.text ?? "")
            }
            #expect(taken == vector.expect?.perComponent, "\(vector.id)")
        }
    }

    @Test func manifestVersions() throws {
        let cases = try VectorFile.cases("versions_resolve", kind: "manifest_versions", as: ManifestVersions.self)
        #expect(cases.count == 1)
        for vector in cases {
            let resolved = try VersionResolutionRule.resolve(
                vector.manifest.perComponent,
                available: PerComponent(
                    software: vector.available.agentSoftwareVersions, configuration: vector.available.agentConfigVersions,
                    certificate: vector.available.agentCertVersions))
            #expect(resolved == versions(vector.expect.perComponent), "\(vector.id)")
        }
    }

    @Test func bestVersions() throws {
        let cases = try VectorFile.cases("versions_resolve", kind: "best_version", as: BestVersion.self)
        #expect(cases.count == 17)
        for vector in cases {
            let best = try? VersionResolutionRule.resolve(vector.wanted, of: .software, available: vector.available)
            #expect(best?.text == vector.expect, "\(vector.id)")
        }
    }

    @Test func architectures() throws {
        let cases = try VectorFile.cases("versions_resolve", kind: "package_arch", as: Architecture.self)
        #expect(cases.count == 2)
        for vector in cases {
            #expect(PackageFormat(rawValue: vector.packageType)?.architecture(vector.arch) == vector.expect, "\(vector.id)")
        }
    }

    @Test func packageNames() throws {
        let cases = try VectorFile.cases("versions_resolve", kind: "package_names", as: Packages.self)
        #expect(cases.count == 33)
        for vector in cases {
            let names = try? PackageNameRule.names(
                for: vector.nodeType, operatingSystem: vector.operatingSystem, architecture: vector.arch,
                isContainerized: vector.containerized)
            #expect(names == vector.expect, "\(vector.id)")
        }
    }

    @Test func downloads() throws {
        let cases = try VectorFile.cases("versions_resolve", kind: "download_plan", as: Download.self)
        #expect(cases.count == 3)
        let objectTypes = PerComponent(
            software: "agent_software_files", configuration: "agent_config_files", certificate: "agent_cert_files")
        for vector in cases {
            var needs = PerComponent<UpgradeNeed>(software: .notWanted, configuration: .notWanted, certificate: .notWanted)
            let taken = versions(vector.upgradeVersions.perComponent)
            for component in Component.allCases { needs[component] = taken[component].map { .take($0) } ?? .notWanted }
            let listed = PerComponent(
                software: vector.manifest.softwareUpgrade.files ?? [], configuration: vector.manifest.configurationUpgrade.files ?? [],
                certificate: vector.manifest.certificateUpgrade.files ?? [])
            let files = try ManifestFilesRule.files(needs: needs, listed: listed, packages: vector.packages, node: vector.nodeType)
            #expect(files.map { ["IBM", "\(objectTypes[$0.component])-\($0.version)", $0.name] } == vector.expectObjects, "\(vector.id)")
        }
    }
}
