/// What a node says it runs: the three versions that an upgrade policy talks about. Absent is not empty. Source: contract 1.2.
///
/// The agent patches all three together after a successful upgrade. Other names in the map are kept as they came, because the
/// exchange keeps them too.
package struct SoftwareVersionsDocument: Codable, Hashable, Sendable {
    /// Shape: wire name → version.
    package var versions: [String: String]

    /// Version of the agent software (wire key `horizon`); nil = not known.
    package var software: String? {
        get { versions["horizon"] }
        set { versions["horizon"] = newValue }
    }

    /// Version of the hub certificate (wire key `certificate`); nil = not known.
    package var certificate: String? {
        get { versions["certificate"] }
        set { versions["certificate"] = newValue }
    }

    /// Version of the configuration (wire key `config`); nil = not known.
    package var configuration: String? {
        get { versions["config"] }
        set { versions["config"] = newValue }
    }

    /// Nothing known unless given.
    package init(software: String? = nil, certificate: String? = nil, configuration: String? = nil) {
        versions = [:]
        self.software = software
        self.certificate = certificate
        self.configuration = configuration
    }

    /// A member that is `null` counts as absent.
    package init(from decoder: any Decoder) throws {
        versions = try decoder.singleValueContainer().decode([String: String?].self).compactMapValues { $0 }
    }

    /// Writes the map itself.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(versions)
    }
}
