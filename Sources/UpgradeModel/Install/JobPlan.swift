/// What one attempt is going to fetch and install: made once from manifest, version lists and object metadata, then only carried.
package struct JobPlan: Codable, Hashable, Sendable {
    /// The version of each component that is replaced; a component that stays is absent.
    package let versions: [Component: String]
    /// What is fetched. Shape: at most one per component, software first.
    package let files: [JobFile]

    /// Memberwise.
    package init(versions: [Component: String], files: [JobFile]) {
        self.versions = versions
        self.files = files
    }

    /// Bytes to fetch in all.
    package var totalLength: Int64 { files.reduce(0) { $0 + $1.length } }
}

/// One object of the hub that the plan needs, with what its metadata promised.
package struct JobFile: Codable, Hashable, Sendable {
    /// What it replaces.
    package let component: Component
    /// The version that the plan asked for.
    package let version: String
    /// CSS object type, `agent_software_files-1.1.0`.
    package let objectType: String
    /// CSS object id, the Open-Horizon file name.
    package let objectID: String
    /// Bytes, from the metadata; the body must have exactly these many.
    package let length: Int64
    /// Metadata field `hashAlgorithm`.
    package let hashAlgorithm: String
    /// Metadata field `publicKey`, base64: a hint only.
    package let publicKey: String
    /// Metadata field `signature`, base64.
    package let signature: String

    /// Memberwise.
    package init(
        component: Component, version: String, objectType: String, objectID: String, length: Int64, hashAlgorithm: String,
        publicKey: String,
        signature: String
    ) {
        self.component = component
        self.version = version
        self.objectType = objectType
        self.objectID = objectID
        self.length = length
        self.hashAlgorithm = hashAlgorithm
        self.publicKey = publicKey
        self.signature = signature
    }

    /// The name under which it lies in `partial/` and `verified/`: ours, never one from the hub.
    package var localName: String { component.rawValue }
}
