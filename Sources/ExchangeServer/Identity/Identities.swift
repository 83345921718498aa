import ExchangeModel
import LibCrypto
import Logging
import UpgradeWire

/// Who is who: credentials held against what is stored.
///
/// Passwords of people are slow on purpose (about 30 ms); what was verified is remembered, so that a poll does not pay again. Node tokens
/// are long and random, a keyed hash suffices; one that is too short for that is hashed like a password. A refusal takes the same time
/// whether the name exists or not.
final class Identities: Sendable {
    /// An identity and what its secret is held against.
    private struct Known: Sendable {
        let caller: Caller
        let hash: String
    }

    private let store: any HubStore
    private let hasher: SecretHasher
    private let root: Known
    /// A hash that fits nobody.
    private let nobody: String
    private let verified = VerifiedCredentials()
    private let book: LoginBook
    private let hashes: SlowHashes
    private let logger: Logger

    /// - Parameter rootPassword: The password of `root/root`; not empty.
    init(store: any HubStore, serverSecret: [UInt8], rootPassword: String, limits: LoginLimits, logger: Logger) throws {
        self.store = store
        self.logger = logger
        hasher = SecretHasher(serverSecret: serverSecret, scryptCost: limits.scryptCost)
        let isShort = rootPassword.count < SecretHasher.tokenLengthMin
        root = Known(caller: .root, hash: try isShort ? hasher.passwordHash(of: rootPassword) : hasher.tokenHash(of: rootPassword))
        nobody = try hasher.passwordHash(of: hexText(try SecretBytes.random(16)))
        book = LoginBook(verified, limits)
        hashes = SlowHashes(limits)
    }

    /// What the slow hashes have cost so far.
    var hashFigures: SlowHashes.Figures { hashes.figures }

    /// Sends away logins that wait for a slow hash.
    func refuseWaiting() { hashes.refuseWaiting() }

    func close() async { await hashes.close() }

    /// The caller that the header names and proves to be, or 401; 429 and 503 after too many failures and in a crowd.
    /// - Parameter source: Address of the caller; nil = not known.
    func caller(authorization header: String?, source: String?) async throws -> Caller {
        guard let credentials = Self.credentials(header) else { throw Refusal.badCredentials }
        let known = try known(credentials)
        // The stored hash is part of what is remembered, so a changed secret is never found there.
        let proof = try hasher.fingerprint(of: [credentials.org, credentials.id, credentials.secret, known?.hash ?? ""])
        if let known, verified.contains(proof) { return known.caller }
        // Costs nothing, so nobody has to wait for it: whoever guesses tokens does not keep out who has the right one.
        if let known, !SecretHasher.isSlow(known.hash), hasher.fits(credentials.secret, hash: known.hash) {
            verified.insert(proof)
            return known.caller
        }
        let key = LoginFailures.Key(name: "\(credentials.org)/\(credentials.id)", source: source)
        let isRight = try await book.isRight(proof, of: key) { [self] in
            try await fits(credentials.secret, known, source: source)
        }
        guard let known, isRight else { throw Refusal.badCredentials }
        return known.caller
    }

    /// The tables share their names, so one at most knows it.
    private func known(_ credentials: Credentials) throws -> Known? {
        let (org, id) = (credentials.org, credentials.id)
        if org == "root" && id == "root" { return root }
        return try store.lookUp { tables in
            let known = { Known(caller: Caller(org: org, id: id, role: $0), hash: $1) }
            if let hash = try tables.nodeTokenHash(org, id) { return known(.node, hash) }
            if let hash = try tables.agbotTokenHash(org, id) { return known(.agbot, hash) }
            return try tables.user(org, id).map { known(Self.role(of: $0), $0.passwordHash) }
        }
    }

    private static func role(of user: HubUser) -> Caller.Role {
        user.document.hubAdmin ? .hubAdmin : user.document.admin ? .orgAdmin : .user
    }

    private func fits(_ secret: String, _ known: Known?, source: String?) async throws -> Bool {
        if let known, SecretHasher.isSlow(known.hash) {
            return try await hashes.run(source: source) { [hasher] in hasher.fits(secret, hash: known.hash) }
        }
        if known?.caller == .root { return false }
        // Nobody shall learn from the time which names exist.
        _ = try await hashes.run(source: source) { [hasher, nobody] in hasher.fits(secret, hash: nobody) }
        return false
    }

    /// What is stored for a new password.
    func passwordHash(of password: String) async throws -> String {
        try await hashes.run(source: nil) { [hasher] in try hasher.passwordHash(of: password) }
    }

    /// What is stored for a new token; nil for none, and an empty token fits nobody.
    /// - Parameter name: `org/id`, for the log.
    func tokenHash(of token: String?, for name: String) async throws -> String? {
        guard let token, !token.isEmpty else { return token }
        if token.count >= SecretHasher.tokenLengthMin { return try hasher.tokenHash(of: token) }
        logger.warning(
            "a short token is hashed like a password, which costs time; use \(SecretHasher.tokenLengthMin) random characters or more",
            metadata: ["name": "\(name.debugDescription)"])
        return try await passwordHash(of: token)
    }

    private static func credentials(_ header: String?) -> Credentials? {
        guard let header, header.prefix(6).lowercased() == "basic " else { return nil }
        let encoded = header.dropFirst(6).filter { $0 != " " }
        guard let bytes = Base64.decode(String(encoded)), let text = String(validating: bytes, as: UTF8.self) else { return nil }
        return Credentials(basic: text)
    }
}
