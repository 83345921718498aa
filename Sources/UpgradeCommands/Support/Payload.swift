import UpgradeModel
import UpgradePorts

/// Bytes to upload, with their length and digest.
struct Payload {
    let body: HTTPRequest.Body
    let length: Int64
    let digest: Digest

    /// A file, streamed: read once here, and once more when it is sent.
    init(file path: String, in world: CommandWorld) throws(CommandError) {
        let measured = try UserFile.measure(path, with: world.makeDigest())
        body = .file(path)
        length = measured.length
        digest = measured.digest
    }

    /// Bytes in memory.
    init(_ bytes: [UInt8], in world: CommandWorld) throws(CommandError) {
        let running = world.makeDigest()
        running.update(bytes)
        guard let digest = running.current() else { throw CommandError(.bug, "SHA-256 could not be made") }
        body = .bytes(bytes)
        length = Int64(bytes.count)
        self.digest = digest
    }
}
