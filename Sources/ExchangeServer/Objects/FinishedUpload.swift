/// Bytes that are durable in a file which no object refers to yet.
struct FinishedUpload: Sendable {
    /// Bare name of the file.
    let name: String
    /// Length.
    let bytes: Int64
    /// Digest of the bytes.
    let sha256: [UInt8]

    /// Strong entity tag: equal bytes, equal tag.
    var entityTag: String { "\"sha256-\(hexText(sha256))\"" }
}
