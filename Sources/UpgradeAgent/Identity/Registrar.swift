import Synchronization
import UpgradeModel
import UpgradePorts

/// Registers this node and undoes it: identity file here, public key at the exchange. Source: contract 1.2, 3.2.
package final class Registrar: Sendable {
    private let file: IdentityFile
    private let keys: any KeyMaker
    private let clock: any Clock
    private let connect: @Sendable (Identity) -> any ExchangeClient
    private let present: Mutex<Present?>
    private let damage: Mutex<String?>
    /// One registration step at a time; the exchange is asked while it is held.
    private let turn = Mutex(())

    /// A registration, and the client that goes with it.
    private struct Present {
        let identity: Identity
        /// Nil before `configured`.
        let client: (any ExchangeClient)?

        init(_ identity: Identity, _ connect: (Identity) -> any ExchangeClient) {
            self.identity = identity
            client = identity.standing == .configured ? connect(identity) : nil
        }
    }

    /// Takes over what the identity file says. One that cannot be read leaves the node unregistered, with a reason: jobs and releases need no
    /// hub to come to their end.
    package init(file: IdentityFile, keys: any KeyMaker, clock: any Clock, connect: @escaping @Sendable (Identity) -> any ExchangeClient) {
        self.file = file
        self.keys = keys
        self.clock = clock
        self.connect = connect
        do {
            present = Mutex(try file.read().map { Present($0, connect) })
            damage = Mutex(nil)
        } catch {
            present = Mutex(nil)
            damage = Mutex(
                "the file \(Layout.identity) in the state folder cannot be read (\(error)): put it back, or register the node anew")
        }
    }

    /// Why the node does not know who it is, if that is not for want of a registration.
    package var trouble: String? { damage.withLock { $0 } }

    /// Who this node is, if anybody.
    package var identity: Identity? { present.withLock { $0?.identity } }

    /// A client of the present registration; nil before `configured`.
    package var client: (any ExchangeClient)? { present.withLock { $0?.client } }

    /// First step: who the node is to be. Errors: `Refusal` when it is registered already.
    package func begin(org: String, node: String, token: String, pattern: String) throws {
        try turn.withLock { _ in
            if let known = identity, known.standing == .configured {
                throw Refusal("this node is registered as \(known.org)/\(known.node) already: unregister it first")
            }
            guard !org.isEmpty, !node.isEmpty, !token.isEmpty else { throw Refusal("id, organization and token must not be empty") }
            let fresh = Identity(org: org, node: node, token: token, pattern: pattern, changed: clock.now())
            if trouble != nil { try file.setAside() }
            try file.write(fresh)
            damage.withLock { $0 = nil }
            present.withLock { $0 = Present(fresh, connect) }
        }
    }

    /// Second step: a key pair is made and its public half goes to the exchange, with the node's own credentials. The private half is on disk
    /// before the exchange hears of the public one.
    package func complete() throws {
        try turn.withLock { _ in
            guard var identity else { throw Refusal("the node is not known yet: POST /node comes first") }
            if identity.standing == .configured { return }
            let pair = try keys.makeKeyPair()
            identity.privateKey = pair.privateKeyPEM
            try file.write(identity)
            let client = connect(identity)
            // A node that existed before has the pattern that somebody gave it then; the hub's word decides what matches.
            if !identity.pattern.isEmpty { try client.patchPattern(identity.pattern) }
            try client.patchPublicKey(pair.publicKeyPEM)
            identity.standing = .configured
            identity.changed = clock.now()
            try file.write(identity)
            present.withLock { [identity] in $0 = Present(identity, connect) }
        }
    }

    /// Undoes both steps. The exchange is told as far as it can be reached; the node forgets in any case.
    /// - Returns: what the exchange could not be told, if anything.
    package func forget() throws -> String? {
        try turn.withLock { _ in
            var trouble: String?
            if let identity, identity.standing == .configured {
                do {
                    let client = connect(identity)
                    if !identity.pattern.isEmpty { try client.patchPattern("") }
                    try client.patchPublicKey("")
                } catch { trouble = "\(error)" }
            }
            try file.remove()
            present.withLock { $0 = nil }
            return trouble
        }
    }
}
