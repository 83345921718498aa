import Glibc
import LibCrypto

/// The folder with everything that the hub keeps: `exchange.db`, `server.secret`, `objects/`, `lock`.
struct HubFolder {
    private static let secretBytes = 32

    private let path: String

    var database: String { path + "/exchange.db" }
    var objects: String { path + "/objects" }

    /// Makes the folder, for its owner only, when it is not there.
    init(path: String) throws {
        self.path = path
        if mkdir(path, 0o700) != 0 && errno != EEXIST { throw FileFailure("make the folder", path) }
    }

    /// Keeps every other hub away from the folder for as long as the lock lives; the system gives it back whatever ends the process.
    func lock() throws -> FolderLock { try FolderLock(path: path) }

    /// The secret under which tokens are hashed; made at the first start. Losing it locks every node out, so a damaged one is refused.
    func serverSecret() throws -> [UInt8] {
        let name = path + "/server.secret"
        let descriptor = open(name, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            if errno != ENOENT { throw FileFailure("open the server secret", name) }
            let secret = try SecretBytes.random(Self.secretBytes)
            try DurableFile.write(secret, to: name)
            return secret
        }
        defer { close(descriptor) }
        var secret = [UInt8](repeating: 0, count: Self.secretBytes + 1)
        let count = read(descriptor, &secret, secret.count)
        guard count == Self.secretBytes else {
            throw ServeFailure("the server secret '\(name)' must hold \(Self.secretBytes) bytes, found \(count): restore it from a copy")
        }
        return Array(secret.prefix(count))
    }
}
