import Foundation
import UpgradeModel
import UpgradePorts
import UpgradeTrust

/// Somebody whose key the node pins, and somebody whose key it does not: made once, because large keys take time.
struct Publisher: Sendable {
    let trust: LiveTrust
    private let privateKey: String
    private let strangersKey: String

    static let shared = Result { try Publisher() }

    private init() throws {
        let (own, stranger) = (try LiveKeyMaker().makeKeyPair(), try LiveKeyMaker().makeKeyPair())
        var template = Array((NSTemporaryDirectory() + "/uplift-agent-XXXXXX").utf8CString)
        guard let folder = mkdtemp(&template).map({ String(cString: $0) }) else { throw ScratchError() }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = URL(fileURLWithPath: folder + "/publisher.pem")
        try Data(own.publicKeyPEM.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
        trust = LiveTrust(keys: try PinnedKeys.load(folder: folder))
        privateKey = own.privateKeyPEM
        strangersKey = stranger.privateKeyPEM
    }

    func digest(_ bytes: [UInt8]) throws -> Digest {
        let running = trust.digest()
        running.update(bytes)
        guard let digest = running.current() else { throw ScratchError() }
        return digest
    }

    func sign(_ bytes: [UInt8], asStranger: Bool = false) throws -> DetachedSignature {
        try LiveKeyMaker().sign(try digest(bytes), privateKeyPEM: asStranger ? strangersKey : privateKey)
    }
}

struct ScratchError: Error {}
