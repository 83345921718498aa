/// What an upgrade consists of: for each of the three kinds a version and the files. Source: contract 2.5.
package struct ManifestDocument: Codable, Hashable, Sendable {
    /// The agent software.
    package var softwareUpgrade: ManifestPartDocument
    /// The hub certificate.
    package var certificateUpgrade: ManifestPartDocument
    /// The configuration.
    package var configurationUpgrade: ManifestPartDocument

    private enum CodingKeys: String, CodingKey { case softwareUpgrade, certificateUpgrade, configurationUpgrade }

    /// Nothing is upgraded unless given.
    package init(
        softwareUpgrade: ManifestPartDocument = .init(), certificateUpgrade: ManifestPartDocument = .init(),
        configurationUpgrade: ManifestPartDocument = .init()
    ) {
        self.softwareUpgrade = softwareUpgrade
        self.certificateUpgrade = certificateUpgrade
        self.configurationUpgrade = configurationUpgrade
    }

    /// An absent part is not upgraded.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        softwareUpgrade = try container.read(.softwareUpgrade, or: .init())
        certificateUpgrade = try container.read(.certificateUpgrade, or: .init())
        configurationUpgrade = try container.read(.configurationUpgrade, or: .init())
    }
}
