import UpgradeCore
import UpgradeModel
import UpgradeWire

/// What a node would take of a manifest. Source: contract 4.5–4.7.
struct PlanPreview {
    /// What comes of it.
    enum Outcome: Equatable {
        case upgrade
        case nothing
        case refused
    }

    let outcome: Outcome
    /// The versions to take; nil where nothing is taken.
    let versions: PerComponent<Version?>
    let files: [PlannedFile]
    /// One sentence for each component, or why the manifest or the node is refused.
    let reasons: [String]

    init(manifest: ManifestDocument, offered: PerComponent<[String]>, node: NodeFile, allowDowngrade: Bool) {
        do throws(Refusal) {
            let wanted = try Refusal.of { () throws(VersionResolutionError) in
                try VersionResolutionRule.resolve(manifest.versions, available: offered)
            } explain: {
                "\($0.explanation); \($0.remedy)"
            }
            let needs = try Self.needs(wanted, node, allowDowngrade: allowDowngrade)
            files = try Self.files(needs, manifest, node)
            versions = PerComponent(
                software: needs.software.version, configuration: needs.configuration.version, certificate: needs.certificate.version)
            outcome = Component.allCases.contains { needs[$0].version != nil } ? .upgrade : .nothing
            let explanations = Component.allCases.map { component in
                needs[component].explanation(component, wanted: wanted[component], current: node.versions.texts[component])
            }
            let lacksSystem = needs.software.version != nil && node.nodeType == .device && node.operatingSystem.isEmpty
            reasons = explanations + (lacksSystem ? ["the node names no operating system, so no package for its host is fetched"] : [])
        } catch {
            (outcome, files, reasons) = (.refused, [], [error.reason])
            versions = PerComponent(software: nil, configuration: nil, certificate: nil)
        }
    }

    /// For scripts.
    var json: JSONValue {
        var members = VersionsCase.json(versions).object ?? [:]
        members["outcome"] =
            switch outcome {
            case .upgrade: "upgrade"
            case .nothing: .string(StatusWord.word(.noActionRequired))
            case .refused: .string(StatusWord.word(.precheckFailed))
            }
        members["files"] = .array(
            files.map { file in
                [
                    "fileType": .string(AgentFileType(of: file.component).rawValue), "fileVersion": .string(file.version),
                    "fileName": .string(file.name),
                ]
            })
        members["reasons"] = .texts(reasons)
        return .object(members)
    }

    private static func needs(
        _ wanted: PerComponent<Version?>, _ node: NodeFile, allowDowngrade: Bool
    ) throws(Refusal) -> PerComponent<UpgradeNeed> {
        let others = node.others.map { UpgradeNeedRule.OtherUpgrade(scheduled: .distantFuture, versions: $0.texts) }
        return try Refusal.of { () throws(CurrentVersionError) in
            try UpgradeNeedRule.needs(
                wanted: wanted, current: node.versions.texts, allowDowngrade: allowDowngrade, nodeAllowsDowngrade: node.allowDowngrade,
                scheduled: UTCInstant(secondsSinceEpoch: 0), others: others)
        } explain: {
            "\($0.explanation); \($0.remedy)"
        }
    }

    private static func files(
        _ needs: PerComponent<UpgradeNeed>, _ manifest: ManifestDocument, _ node: NodeFile
    ) throws(Refusal) -> [PlannedFile] {
        var packages: [String] = []
        if needs.software.version != nil {
            packages = try Refusal.of { () throws(PackageNameError) in
                try PackageNameRule.names(
                    for: node.nodeType, operatingSystem: node.operatingSystem, architecture: node.architecture,
                    isContainerized: node.containerized)
            } explain: {
                "\($0.explanation); \($0.remedy)"
            }
        }
        return try Refusal.of { () throws(MissingFilesError) in
            try ManifestFilesRule.files(needs: needs, listed: manifest.fileLists, packages: packages, node: node.nodeType)
        } explain: {
            "these files are needed, and the manifest does not list them: \($0.names.joined(separator: ", ")); \($0.remedy)"
        }
    }

    /// Why there can be no plan.
    private struct Refusal: Error {
        let reason: String

        static func of<Value, Failure: Error>(
            _ body: () throws(Failure) -> Value, explain: (Failure) -> String
        ) throws(Refusal) -> Value {
            do { return try body() } catch { throw Refusal(reason: explain(error)) }
        }
    }
}

extension ManifestDocument {
    /// The wishes by component.
    fileprivate var versions: PerComponent<String> {
        PerComponent(
            software: softwareUpgrade.version, configuration: configurationUpgrade.version, certificate: certificateUpgrade.version)
    }
}
