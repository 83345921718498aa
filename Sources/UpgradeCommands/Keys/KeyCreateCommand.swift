import ArgumentParser
import UpgradeModel
import UpgradePorts

/// `uplift key create`.
struct KeyCreateCommand: LeafCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make an RSA key pair of 3072 bits.",
        discussion: """
            Writes two files into DIR, which is made if it is missing:
              service.private.key   the private key, readable by you alone: it signs packages and manifests
              SHA256.pem            the public key: every node that shall believe you needs it in
                                    <root>/etc/uplift/trusted-keys.d; its name is the SHA-256 of the key (DER)

            Without -k, `uplift nodemanagement` signs with ~/.hzn/keys/service.private.key, so this is a good place:
              uplift key create ~/.hzn/keys
            """)

    @OptionGroup var root: RootOption

    @Argument(help: ArgumentHelp("The folder for the two files.", valueName: "dir"))
    var folder: String

    /// The name that the private key always has.
    static let privateName = "service.private.key"

    func run(in world: CommandWorld) throws(CommandError) {
        guard !folder.isEmpty else { throw CommandError(.usage, "the folder must have a name; `.` is the current one") }
        let pair: KeyPair
        do throws(TrustFailure) { pair = try world.keys.makeKeyPair() } catch { throw CommandError(.signature, error.explanation) }
        let base = folder.hasSuffix("/") ? folder : folder + "/"
        let privatePath = base + Self.privateName
        let publicPath = base + pair.publicKeyDigest.hex + ".pem"
        try UserFile.makeFolder(folder)
        do throws(CommandError) {
            try UserFile.create(privatePath, Array(pair.privateKeyPEM.utf8), mode: 0o600)
        } catch {
            throw error.adding("A private key is never overwritten: choose another folder, or move the old key away.")
        }
        do throws(CommandError) {
            try UserFile.create(publicPath, Array(pair.publicKeyPEM.utf8), mode: 0o644)
        } catch {
            UserFile.remove(privatePath)
            throw error
        }
        world.say("Private key: \(Shown.text(privatePath))")
        world.say("Public key: \(Shown.text(publicPath))")
    }
}
