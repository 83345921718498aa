import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeWire

extension ManagementStatusDocument {
    /// A status as the exchange takes it: nothing that it would refuse. Source: contract 1.4, "[C] agent".
    package init(_ report: StatusReport) {
        let versions = report.facts.versions
        self.init(
            agentUpgradePolicyStatus: AgentUpgradePolicyStatusDocument(
                scheduledTime: report.facts.scheduled.rfc3339(), startTime: report.facts.started?.rfc3339(),
                endTime: report.facts.ended?.rfc3339(),
                upgradedVersions: UpgradedVersionsDocument(
                    softwareVersion: versions[.software] ?? "", certVersion: versions[.certificate] ?? "",
                    configVersion: versions[.configuration] ?? ""), status: StatusWord.word(report.status),
                errorMessage: report.reason.isEmpty ? nil : report.reason))
    }
}

extension NodePolicyDocument {
    /// The parts that matching looks at. Source: contract 4.2.
    var model: NodePolicy {
        NodePolicy(
            top: NodePolicy.Part(properties: properties.map(\.model), constraints: constraints),
            management: NodePolicy.Part(properties: management.properties.map(\.model), constraints: management.constraints))
    }
}

extension PropertyDocument {
    /// The property as rules read it.
    package var model: Property {
        let typed: PropertyValue =
            switch value {
            case .bool(let flag): .bool(flag)
            case .number(let number): .number(number)
            case .string(let text): .string(text)
            case .null, .array, .object: .other
            }
        return Property(name: name, value: typed, type: type)
    }

    /// The property as the exchange writes it. What was no usable value is sent as null.
    package init(_ property: Property) {
        let value: JSONValue =
            switch property.value {
            case .bool(let flag): .bool(flag)
            case .number(let number): .number(number)
            case .string(let text): .string(text)
            case .other: .null
            }
        self.init(name: property.name, type: property.type, value: value)
    }
}

extension NodeManagementPolicyDocument {
    /// The policy as rules read it.
    package func model(_ id: PolicyID) -> NodeManagementPolicy {
        NodeManagementPolicy(
            id: id, label: label, description: description, properties: properties.map(\.model), constraints: constraints,
            patterns: patterns,
            enabled: enabled, start: start, startWindowSeconds: Int(clamping: startWindow), manifest: agentUpgradePolicy.manifest,
            allowDowngrade: agentUpgradePolicy.allowDowngrade, lastUpdated: lastUpdated)
    }
}

extension SoftwareVersionsDocument {
    /// By component, the empty ones left out.
    var components: [Component: String] {
        var found: [Component: String] = [:]
        for (component, version) in [(Component.software, software), (.configuration, configuration), (.certificate, certificate)] {
            if let version, !version.isEmpty { found[component] = version }
        }
        return found
    }
}
