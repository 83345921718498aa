import FoundationEssentials
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// From a policy's manifest to the files that this node fetches, or the reason why there is nothing to do. Each step is one call to the hub.
/// Source: contract 4.5–4.7; the manifest is verified like a file (architecture, "Bytes and trust").
package struct Planner {
    /// What planning found.
    package enum Outcome: Sendable {
        /// Files to fetch.
        case plan(JobPlan, latest: [Component: String])
        /// Nothing newer is offered.
        case nothing(reason: String, versions: [Component: String], latest: [Component: String])
    }

    private enum Phase {
        case manifest
        case versions(ManifestDocument)
        case metadata([FileWish], found: [JobFile])
    }

    /// A file that is wanted and whose metadata is still to be read.
    private struct FileWish {
        let component: Component
        let version: Version
        let name: String
    }

    private static let manifestType = "agent_upgrade_manifests"
    private static let agentFilesOrg = "IBM"
    private static let manifestBytesMax = 1 << 20

    private let terms: JobTerms
    private let node: PlanningNode
    private let client: any ExchangeClient
    private let trust: any Trust
    private let databaseBytes: Int64
    private let freeBytes: @Sendable () throws(FileError) -> Int64
    private var phase = Phase.manifest
    /// What `latest` means, as far as it is known; it goes with every outcome.
    private var latest: [Component: String] = [:]

    /// - Parameters:
    ///   - databaseBytes: what the installer will copy.
    ///   - freeBytes: space under the state folder, asked before the first byte is fetched.
    package init(
        terms: JobTerms, node: PlanningNode, client: any ExchangeClient, trust: any Trust, databaseBytes: Int64 = 0,
        freeBytes: @escaping @Sendable () throws(FileError) -> Int64
    ) {
        self.terms = terms
        self.node = node
        self.client = client
        self.trust = trust
        self.databaseBytes = databaseBytes
        self.freeBytes = freeBytes
    }

    /// One call to the hub.
    package mutating func step() throws(ProcedureFailure) -> Step<Outcome> {
        do throws(ProcedureFailure) {
            return try advance()
        } catch {
            var failure = error
            failure.latest = latest
            throw failure
        }
    }

    private mutating func advance() throws(ProcedureFailure) -> Step<Outcome> {
        do {
            switch phase {
            case .manifest:
                phase = .versions(try readManifest())
                return .again
            case .versions(let manifest):
                return try chosen(manifest)
            case .metadata(let wishes, let found):
                return try described(wishes, found)
            }
        } catch let failure as ProcedureFailure {
            throw failure
        } catch let failure as TransferFailure {
            // A manifest that will never come is a missing manifest, not a file that could not be fetched.
            if case .manifest = phase, failure.disposition != .retryLater { throw refused("the manifest cannot be read: \(failure)") }
            throw ProcedureFailure(failure)
        } catch {
            throw ProcedureFailure(.final(.precheckFailed), "\(error)")
        }
    }

    private func readManifest() throws -> ManifestDocument {
        let id = PolicyID(terms.manifest) ?? PolicyID(org: node.org, name: terms.manifest)
        guard !id.name.isEmpty else { throw refused("the policy names no manifest") }
        guard let record = try client.object(org: id.org, type: Planner.manifestType, id: id.name) else {
            throw refused("the manifest \(id) does not exist at the hub, or this node may not read it")
        }
        let bytes = try client.objectData(org: id.org, type: Planner.manifestType, id: id.name, max: Planner.manifestBytesMax)
        let running = trust.digest()
        running.update(bytes)
        guard let digest = running.current() else { throw refused("the manifest \(id) could not be hashed") }
        do {
            _ = try trust.verify(record.signature, over: digest)
        } catch {
            throw refused("the manifest \(id) is not believed: \(error.explanation)")
        }
        do {
            return try JSONDecoder().decode(ManifestDocument.self, from: Data(bytes))
        } catch {
            throw refused("the manifest \(id) is no manifest document: \(error)")
        }
    }

    private mutating func chosen(_ manifest: ManifestDocument) throws -> Step<Outcome> {
        let available = try client.agentFileVersions()
        let parts = manifest.parts
        latest = VersionResolutionRule.latest(parts.texts, available: available)
        let wanted = try attempt { () throws(VersionResolutionError) in
            try VersionResolutionRule.resolve(
                parts.texts, available: available)
        } explain: {
            "\($0.explanation); \($0.remedy)"
        }
        let needs = try attempt { () throws(CurrentVersionError) in
            try UpgradeNeedRule.needs(
                wanted: wanted, current: node.current, allowDowngrade: terms.allowDowngrade, nodeAllowsDowngrade: node.allowsDowngrade,
                scheduled: node.scheduled, others: node.others)
        } explain: {
            "\($0.explanation); \($0.remedy)"
        }
        try checkFloor(needs.software)
        let wishes = try wishes(needs, parts, wanted)
        var brought: [Component: String] = [:]
        for wish in wishes { brought[wish.component] = wish.version.text }
        if let objection = FailedVersionRule.objection(to: brought, failed: node.failedVersions) { throw refused(objection) }
        guard !wishes.isEmpty else {
            let recorded = UpgradeNeedRule.recorded(needs, wanted: wanted, current: node.current)
            return .done(.nothing(reason: Planner.nothingReason(needs), versions: recorded.nonEmpty, latest: latest))
        }
        phase = .metadata(wishes, found: [])
        return .again
    }

    /// A version below the highest ever committed here is a downgrade, also when an older one runs.
    private func checkFloor(_ need: UpgradeNeed) throws {
        guard !(terms.allowDowngrade && node.allowsDowngrade), let wanted = need.version, let floor = Version(node.softwareFloor),
            wanted < floor
        else { return }
        throw refused("software \(wanted) is below \(floor), the highest version ever committed on this node")
    }

    private func wishes(
        _ needs: PerComponent<UpgradeNeed>, _ parts: PerComponent<ManifestPartDocument>, _ wanted: PerComponent<Version?>
    ) throws -> [FileWish] {
        var packages: [String] = []
        if needs.software.version != nil {
            guard !node.isContainerized else {
                throw refused("this agent runs in a container, which is upgraded by replacing its image: keep the node out of the policy")
            }
            guard !node.operatingSystem.isEmpty else {
                throw refused("the operating system of this node is not known, so its package cannot be named; see /etc/os-release")
            }
            packages = try attempt { () throws(PackageNameError) in
                try PackageNameRule.names(
                    for: .device, operatingSystem: node.operatingSystem, architecture: node.architecture, isContainerized: false)
            } explain: {
                "\($0.explanation); \($0.remedy)"
            }
        }
        let listed = PerComponent(
            software: parts[.software].files, configuration: parts[.configuration].files, certificate: parts[.certificate].files)
        let files = try attempt { () throws(MissingFilesError) in
            try ManifestFilesRule.files(needs: needs, listed: listed, packages: packages, node: .device)
        } explain: {
            "\($0.explanation(manifest: terms.manifest)); \($0.remedy)"
        }
        return files.filter { $0.name != ManifestFilesRule.installScript }.compactMap { file in
            needs[file.component].version.map { FileWish(component: file.component, version: $0, name: file.name) }
        }
    }

    private mutating func described(_ wishes: [FileWish], _ found: [JobFile]) throws -> Step<Outcome> {
        guard let wish = wishes.first else { return .done(.plan(try complete(found), latest: latest)) }
        let type = "\(Planner.objectType(wish.component))-\(wish.version.text)"
        guard let record = try client.object(org: Planner.agentFilesOrg, type: type, id: wish.name) else {
            throw ProcedureFailure(.final(.downloadFailed), "\(wish.name) \(wish.version) does not exist at the hub (404)")
        }
        guard record.length > 0 else {
            throw ProcedureFailure(
                .final(.downloadFailed), "\(wish.name) \(wish.version) has no length at the hub, expected at least 1 byte")
        }
        let file = JobFile(
            component: wish.component, version: wish.version.text, objectType: type, objectID: wish.name, length: record.length,
            hashAlgorithm: record.signature.hashAlgorithm, publicKey: record.signature.publicKey, signature: record.signature.signature)
        phase = .metadata(Array(wishes.dropFirst()), found: found + [file])
        return .again
    }

    private func complete(_ files: [JobFile]) throws -> JobPlan {
        var versions: [Component: String] = [:]
        for file in files { versions[file.component] = file.version }
        let plan = JobPlan(versions: versions, files: files)
        let need = SpaceRule.Need(step: "download", files: plan.totalLength, database: databaseBytes, left: 0)
        if let objection = SpaceRule.objection(free: try freeBytes(), need: need) { throw refused(objection) }
        return plan
    }

    private static func objectType(_ component: Component) -> String {
        switch component {
        case .software: "agent_software_files"
        case .configuration: "agent_config_files"
        case .certificate: "agent_cert_files"
        }
    }

    private static func nothingReason(_ needs: PerComponent<UpgradeNeed>) -> String {
        let found = Component.allCases.map { needs[$0] }
        if found.contains(.downgradeNotAllowed) {
            return "the offered version is lower than the installed one and the policy does not allow a downgrade"
        }
        return found.contains(.downgradeRefusedHere) ? "downgrade refused here: allow-downgrade is no on this node" : ""
    }

    private func refused(_ reason: String) -> ProcedureFailure { ProcedureFailure(.final(.precheckFailed), reason) }

    private func attempt<Value, Failure: Error>(
        _ body: () throws(Failure) -> Value, explain: (Failure) -> String
    ) throws(ProcedureFailure) -> Value {
        do { return try body() } catch { throw ProcedureFailure(.final(.precheckFailed), explain(error)) }
    }
}

/// What planning needs to know of this node.
package struct PlanningNode: Sendable {
    /// Its org.
    package var org: String
    /// Versions that run now.
    package var current: PerComponent<String>
    /// As `openhorizon.operatingSystem` names it; empty when it is not supported.
    package var operatingSystem: String
    /// As the exchange names it, `amd64`.
    package var architecture: String
    /// It runs in a container.
    package var isContainerized = false
    /// Its own setting, beside the policy's.
    package var allowsDowngrade = true
    /// Versions that failed here and are not to be tried by this job.
    package var failedVersions: Set<ComponentVersion> = []
    /// Highest software version ever committed here; empty when none.
    package var softwareFloor: String
    /// This job's schedule.
    package var scheduled: UTCInstant
    /// The other stored statuses, for the downgrade rule.
    package var others: [UpgradeNeedRule.OtherUpgrade]

    /// Memberwise.
    package init(
        org: String, current: PerComponent<String>, operatingSystem: String, architecture: String, softwareFloor: String,
        scheduled: UTCInstant, others: [UpgradeNeedRule.OtherUpgrade]
    ) {
        self.org = org
        self.current = current
        self.operatingSystem = operatingSystem
        self.architecture = architecture
        self.softwareFloor = softwareFloor
        self.scheduled = scheduled
        self.others = others
    }
}

extension PerComponent where Value == String {
    /// The components that have a value.
    var nonEmpty: [Component: String] {
        var values: [Component: String] = [:]
        for component in Component.allCases where !self[component].isEmpty { values[component] = self[component] }
        return values
    }
}

extension ManifestDocument {
    /// The parts by component.
    fileprivate var parts: PerComponent<ManifestPartDocument> {
        PerComponent(software: softwareUpgrade, configuration: configurationUpgrade, certificate: certificateUpgrade)
    }
}

extension ProcedureFailure {
    /// A transport failure in the machine's words: 404, 403, 410 and the like are final, the rest may pass.
    package init(_ failure: TransferFailure) {
        switch failure.disposition {
        case .retryLater: self.init(.transient(retryAfter: failure.retryAfter), failure.description)
        case .giveUp, .untrusted, .bug: self.init(.final(.downloadFailed), failure.description)
        }
    }
}

extension PerComponent where Value == ManifestPartDocument {
    /// What the manifest says of each version.
    fileprivate var texts: PerComponent<String> {
        PerComponent<String>(software: software.version, configuration: configuration.version, certificate: certificate.version)
    }
}
