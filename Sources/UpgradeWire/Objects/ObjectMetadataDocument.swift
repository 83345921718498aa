/// What the CSS knows about one object: the keys that upgrades read, and those that a faithful hub gives back.
/// Source: contract 2.2. Every key may be absent.
package struct ObjectMetadataDocument: Codable, Hashable, Sendable {
    /// File name or manifest id, unique in its type.
    package var objectID: String
    /// Kind, as `agent_upgrade_manifests` or `agent_software_files-2.31.0`.
    package var objectType: String
    /// Org that it belongs to.
    package var destinationOrgID: String
    /// Destination node; empty = none in particular.
    package var destinationID: String
    /// Destination kind; empty = any.
    package var destinationType: String
    /// Destinations by name; carried as it came.
    package var destinationsList: JSONValue?
    /// Destinations by policy; an empty one keeps the hub from pushing the object to all nodes. Carried as it came.
    package var destinationPolicy: JSONValue?
    /// RFC 3339; empty = never.
    package var expiration: String
    /// Free text.
    package var version: String
    /// Text for people.
    package var description: String
    /// Where the data lies when it is not here.
    package var link: String
    /// Whether it is not yet to be delivered.
    package var inactive: Bool
    /// RFC 3339; empty = at once.
    package var activationTime: String
    /// Whether it has no data at all.
    package var noData: Bool
    /// Whether an update carries only metadata.
    package var metaOnly: Bool
    /// Carried as it came.
    package var destinationDataUri: String
    /// Carried as it came.
    package var sourceDataUri: String
    /// How many consumers are expected.
    package var consumers: Int
    /// Whether it is deleted once consumed.
    package var autodelete: Bool
    /// Who made it.
    package var originID: String
    /// Kind of who made it.
    package var originType: String
    /// Whether it is marked as deleted.
    package var deleted: Bool
    /// Grows with every write of the metadata.
    package var instanceID: Int64
    /// Grows with every write of the data.
    package var dataID: Int64
    /// Length of the data. Bytes; 0 = none or not known.
    package var objectSize: Int64
    /// Chunk length that the hub prefers. Bytes.
    package var chunkSize: Int
    /// Chunk length of a chunked upload. Bytes.
    package var uploadChunkSize: Int
    /// `SHA1` or `SHA256`; empty = not signed.
    package var hashAlgorithm: String
    /// Standard base64 of the DER public key; empty = not signed. A hint, never a trust anchor.
    package var publicKey: String
    /// Standard base64 of the signature over the data; empty = not signed.
    package var signature: String
    /// Whether nodes of any org may read it.
    package var isPublic: Bool
    /// `org/user` who owns it.
    package var ownerID: String

    private enum CodingKeys: String, CodingKey {
        case objectID, objectType, destinationOrgID, destinationID, destinationType, destinationsList, destinationPolicy, expiration
        case version, description, link, inactive, activationTime, noData, metaOnly, destinationDataUri, sourceDataUri, consumers
        case autodelete, originID, originType, deleted, instanceID, dataID, objectSize, chunkSize, uploadChunkSize, hashAlgorithm
        case publicKey, signature, ownerID
        case isPublic = "public"
    }

    /// Empty metadata with the names that every upload needs.
    package init(objectID: String = "", objectType: String = "", destinationOrgID: String = "", isPublic: Bool = false) {
        self.objectID = objectID
        self.objectType = objectType
        self.destinationOrgID = destinationOrgID
        self.isPublic = isPublic
        destinationID = ""
        destinationType = ""
        expiration = ""
        version = ""
        description = ""
        link = ""
        inactive = false
        activationTime = ""
        noData = false
        metaOnly = false
        destinationDataUri = ""
        sourceDataUri = ""
        consumers = 0
        autodelete = false
        originID = ""
        originType = ""
        deleted = false
        instanceID = 0
        dataID = 0
        objectSize = 0
        chunkSize = 0
        uploadChunkSize = 0
        hashAlgorithm = ""
        publicKey = ""
        signature = ""
        ownerID = ""
    }

    /// Absent keys: empty text, zero, false.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        try readNames(container)
        try readLife(container)
        try readData(container)
    }

    private mutating func readNames(_ container: KeyedDecodingContainer<CodingKeys>) throws {
        objectID = try container.read(.objectID, or: "")
        objectType = try container.read(.objectType, or: "")
        destinationOrgID = try container.read(.destinationOrgID, or: "")
        destinationID = try container.read(.destinationID, or: "")
        destinationType = try container.read(.destinationType, or: "")
        destinationsList = try container.readIfPresent(.destinationsList)
        destinationPolicy = try container.readIfPresent(.destinationPolicy)
        version = try container.read(.version, or: "")
        description = try container.read(.description, or: "")
        link = try container.read(.link, or: "")
        originID = try container.read(.originID, or: "")
        originType = try container.read(.originType, or: "")
        ownerID = try container.read(.ownerID, or: "")
        isPublic = try container.read(.isPublic, or: false)
    }

    private mutating func readLife(_ container: KeyedDecodingContainer<CodingKeys>) throws {
        expiration = try container.read(.expiration, or: "")
        inactive = try container.read(.inactive, or: false)
        activationTime = try container.read(.activationTime, or: "")
        consumers = try container.read(.consumers, or: 0)
        autodelete = try container.read(.autodelete, or: false)
        deleted = try container.read(.deleted, or: false)
        instanceID = try container.read(.instanceID, or: 0)
        dataID = try container.read(.dataID, or: 0)
    }

    private mutating func readData(_ container: KeyedDecodingContainer<CodingKeys>) throws {
        noData = try container.read(.noData, or: false)
        metaOnly = try container.read(.metaOnly, or: false)
        destinationDataUri = try container.read(.destinationDataUri, or: "")
        sourceDataUri = try container.read(.sourceDataUri, or: "")
        objectSize = try container.read(.objectSize, or: 0)
        chunkSize = try container.read(.chunkSize, or: 0)
        uploadChunkSize = try container.read(.uploadChunkSize, or: 0)
        hashAlgorithm = try container.read(.hashAlgorithm, or: "")
        publicKey = try container.read(.publicKey, or: "")
        signature = try container.read(.signature, or: "")
    }
}
