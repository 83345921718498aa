import Synchronization
import UpgradeCommands
import UpgradeModel
import UpgradePorts

/// What one command line did.
struct Outcome {
    let code: Int32
    let output: String
    let errors: String
    let calls: [FakeHTTP.Call]

    /// The requests, in order.
    var lines: [String] { calls.map(\.line) }

    /// The body of the request of this line; the last one, when there are several.
    func body(_ line: String) -> String? { calls.last { $0.line == line }?.body }
}

/// Texts that were written.
final class Sink: Sendable {
    private let text = Mutex("")

    var value: String { text.withLock { $0 } }

    func write(_ more: String) { text.withLock { $0 += more } }
}

/// Lines that a user types.
final class Typist: Sendable {
    private let lines: Mutex<[String]>

    init(_ lines: [String]) { self.lines = Mutex(lines) }

    func next() -> String? { lines.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
}

/// A digest that tells different bytes apart, which is all that commands need of it.
final class FakeDigest: RunningDigest {
    private var sum: UInt64 = 14_695_981_039_346_656_037

    func update(_ bytes: [UInt8]) {
        for byte in bytes { sum = (sum ^ UInt64(byte)) &* 1_099_511_628_211 }
    }

    func current() -> Digest? { Digest(bytes: (0..<32).map { UInt8(truncatingIfNeeded: sum >> UInt64($0 % 8 * 8)) }) }

    static func hex(_ text: String) -> String {
        let digest = FakeDigest()
        digest.update(Array(text.utf8))
        return digest.current()?.hex ?? ""
    }
}

/// Keys that sign by naming the digest.
struct FakeKeys: KeyMaker {
    static let publicName = String(repeating: "ab", count: 32)

    func makeKeyPair() throws(TrustFailure) -> KeyPair {
        guard let digest = Digest(hex: Self.publicName) else { throw TrustFailure(.malformed, "no digest") }
        return KeyPair(privateKeyPEM: "PRIVATE\n", publicKeyPEM: "PUBLIC\n", publicKeyDigest: digest)
    }

    func sign(_ digest: Digest, privateKeyPEM: String) throws(TrustFailure) -> DetachedSignature {
        guard privateKeyPEM.hasPrefix("PRIVATE") else { throw TrustFailure(.malformed, "not a private key") }
        return DetachedSignature(hashAlgorithm: "SHA256", publicKey: "cHVi", signature: digest.hex)
    }
}

/// Runs a command line as organization `o`, user `o/u:secret-pw`, with the hub at `http://hub/v1` and the CSS at `http://css`.
func uplift(
    _ arguments: String..., replies: [String: [FakeHTTP.Reply]] = [:], environment: [String: String] = [:], typed: [String] = []
) -> Outcome {
    uplift(arguments, replies: replies, environment: environment, typed: typed)
}

/// The same for a list of arguments.
func uplift(
    _ arguments: [String], replies: [String: [FakeHTTP.Reply]] = [:], environment: [String: String] = [:], typed: [String] = [],
    isWatched: Bool = false, pauses: Int = 0
) -> Outcome {
    let http = FakeHTTP(replies)
    let (output, errors, typist) = (Sink(), Sink(), Typist(typed))
    let usual = [
        "HZN_EXCHANGE_URL": "http://hub/v1", "HZN_FSS_CSSURL": "http://css", "HZN_ORG_ID": "o", "HZN_EXCHANGE_USER_AUTH": "u:secret-pw",
    ]
    var world = CommandWorld(
        http: http, keys: FakeKeys(), makeDigest: { FakeDigest() }, environment: usual.merging(environment) { _, new in new },
        machine: "x86_64", write: { output.write($0) }, writeError: { errors.write($0) }, readLine: { typist.next() },
        isWatched: isWatched)
    let clock = Typist(Array(repeating: "", count: pauses))
    world.pause = { _ in clock.next() != nil }
    // A simulation has no settings to look for.
    let isSimulation = arguments.first == "simulate" && !arguments.contains("--against")
    let root = isSimulation || arguments.contains("--root") ? [] : ["--root", "/nowhere"]
    let code = CommandRunner.run(arguments + root, in: world)
    return Outcome(code: code, output: output.value, errors: errors.value, calls: http.calls)
}
