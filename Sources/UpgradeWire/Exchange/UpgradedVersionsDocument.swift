/// The three versions that a status talks about; nil = absent on the wire. Source: contract 1.4.
package struct UpgradedVersionsDocument: Codable, Hashable, Sendable {
    /// Version of the software.
    package var softwareVersion: String?
    /// Version of the hub certificate.
    package var certVersion: String?
    /// Version of the configuration.
    package var configVersion: String?

    private enum CodingKeys: String, CodingKey { case softwareVersion, certVersion, configVersion }

    /// Nothing unless given.
    package init(softwareVersion: String? = nil, certVersion: String? = nil, configVersion: String? = nil) {
        self.softwareVersion = softwareVersion
        self.certVersion = certVersion
        self.configVersion = configVersion
    }
}
