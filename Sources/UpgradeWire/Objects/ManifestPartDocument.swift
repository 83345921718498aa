/// One kind of a manifest. Source: contract 2.5, 4.5.
package struct ManifestPartDocument: Codable, Hashable, Sendable {
    /// An exact version, `latest`, or a range; `""` = this kind is not upgraded.
    package var version: String
    /// File names, or `*` for all.
    package var files: [String]

    private enum CodingKeys: String, CodingKey { case version, files }

    /// Not upgraded unless given.
    package init(version: String = "", files: [String] = []) {
        self.version = version
        self.files = files
    }

    /// Absent keys: no version, no files.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        version = try container.read(.version, or: "")
        files = try container.read(.files, or: [])
    }
}
