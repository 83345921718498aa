/// The body of `PUT …/{type}/{id}`: metadata, and the bytes when they are small enough to travel inside. Source: contract 2.2.
package struct ObjectUploadDocument: Codable, Hashable, Sendable {
    /// What the object is.
    package var meta: ObjectMetadataDocument
    /// The bytes as standard base64; nil = they come with `PUT …/data`, or stay as they are.
    package var data: String?

    private enum CodingKeys: String, CodingKey { case meta, data }

    /// Metadata alone unless bytes are given.
    package init(meta: ObjectMetadataDocument, data: String? = nil) {
        self.meta = meta
        self.data = data
    }

    /// Absent metadata is empty metadata.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        meta = try container.read(.meta, or: .init())
        data = try container.readIfPresent(.data)
    }
}
