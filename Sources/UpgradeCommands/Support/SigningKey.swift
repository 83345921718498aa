import UpgradeModel
import UpgradePorts

/// The publisher's private key. There is never a throwaway one: what it signs, no node would believe. Source: contract 2.4.
struct SigningKey {
    private let pem: String
    private let path: String
    private let keys: any KeyMaker

    /// The key that was named, else that of the settings, else that of the home folder.
    init(_ options: SigningOptions, _ settings: CommandSettings, in world: CommandWorld) throws(CommandError) {
        keys = world.keys
        if let named = options.privateKeyFile ?? settings["HZN_PRIVATE_KEY_FILE"] {
            path = named
            pem = String(decoding: try UserFile.document(named), as: UTF8.self)
            return
        }
        path = (settings.environment["HOME"] ?? "~") + "/.hzn/keys/" + KeyCreateCommand.privateName
        guard let bytes = try UserFile.bytesIfThere(path) else {
            throw CommandError(
                .signature,
                "no private key to sign with: -k and HZN_PRIVATE_KEY_FILE are not given, and \(Shown.text(path)) does not exist. "
                    + "Make one with: uplift key create ~/.hzn/keys")
        }
        pem = String(decoding: bytes, as: UTF8.self)
    }

    /// The signature over a digest.
    func sign(_ digest: Digest) throws(CommandError) -> DetachedSignature {
        do throws(TrustFailure) {
            return try keys.sign(digest, privateKeyPEM: pem)
        } catch {
            throw CommandError(.signature, "cannot sign with \(Shown.text(path)): \(error.explanation)")
        }
    }
}
