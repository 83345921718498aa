import ExchangeModel
import LibCrypto
import NIOPosix
import UpgradeWire

/// Who is who: credentials held against what is stored.
///
/// Passwords of people are slow on purpose (about 30 ms) and run on few threads, so that guessing cannot take the hub's processor;
/// what was verified is remembered, so that a poll does not pay again. Node tokens are long and random, a keyed hash suffices.
final class Identities: Sendable {
    /// In which order tables are asked when a name is in several. Source: contract 1.1 (exchange), 2.1 (CSS).
    enum Order: Sendable {
        /// The exchange: node, then user.
        case nodeFirst
        /// The CSS: user, then node.
        case userFirst
    }

    private let store: any HubStore
    private let hasher: SecretHasher
    private let rootHash: String
    private let verified = VerifiedCredentials()
    private let threads: NIOThreadPool

    /// - Parameter rootPassword: The password of `root/root`; not empty.
    init(store: any HubStore, hasher: SecretHasher, rootPassword: String) throws {
        self.store = store
        self.hasher = hasher
        rootHash = try hasher.tokenHash(of: rootPassword)
        threads = NIOThreadPool(numberOfThreads: 2)
        threads.start()
    }

    func close() async { try? await threads.shutdownGracefully() }

    /// The caller that the header names and proves to be, or 401.
    func caller(authorization header: String?, order: Order) async throws -> Caller {
        guard let credentials = Self.credentials(header) else { throw Refusal.badCredentials }
        if credentials.org == "root" && credentials.id == "root" {
            guard hasher.tokenFits(credentials.secret, hash: rootHash) else { throw Refusal.badCredentials }
            return .root
        }
        let (node, user) = try await store.read { tables in
            (try tables.node(credentials.org, credentials.id)?.tokenHash, try tables.user(credentials.org, credentials.id))
        }
        // The first table that knows the name decides.
        if let node, order == .nodeFirst || user == nil { return try self.node(credentials, hash: node) }
        guard let user else { throw Refusal.badCredentials }
        return try await self.user(credentials, user)
    }

    private func node(_ credentials: Credentials, hash: String) throws -> Caller {
        guard hasher.tokenFits(credentials.secret, hash: hash) else { throw Refusal.badCredentials }
        return Caller(org: credentials.org, id: credentials.id, role: .node)
    }

    private func user(_ credentials: Credentials, _ user: HubUser) async throws -> Caller {
        // The stored hash is part of what is remembered, so a changed password is never found there.
        let proof = try hasher.fingerprint(of: [credentials.org, credentials.id, credentials.secret, user.passwordHash])
        if await !verified.contains(proof) {
            let fits = try await threads.runIfActive { [hasher] in
                hasher.passwordFits(credentials.secret, hash: user.passwordHash)
            }
            guard fits else { throw Refusal.badCredentials }
            await verified.insert(proof)
        }
        let role: Caller.Role = user.document.hubAdmin ? .hubAdmin : user.document.admin ? .orgAdmin : .user
        return Caller(org: credentials.org, id: credentials.id, role: role)
    }

    /// What is stored for a new password.
    func passwordHash(of password: String) async throws -> String {
        try await threads.runIfActive { [hasher] in try hasher.passwordHash(of: password) }
    }

    /// What is stored for a new token; an empty token fits nobody.
    func tokenHash(of token: String) throws -> String { token.isEmpty ? "" : try hasher.tokenHash(of: token) }

    private static func credentials(_ header: String?) -> Credentials? {
        guard let header, header.prefix(6).lowercased() == "basic " else { return nil }
        let encoded = header.dropFirst(6).filter { $0 != " " }
        guard let bytes = Base64.decode(String(encoded)), let text = String(validating: bytes, as: UTF8.self) else { return nil }
        return Credentials(basic: text)
    }
}
