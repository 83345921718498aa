import LibCrypto
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeTrust

/// A publisher with keys made by the `openssl` command, and a node that pins some of them.
struct Publisher {
    let scratch: Scratch
    static let data = Array("software version 2.31.0".utf8)

    /// Made once, because large keys take seconds.
    static let shared = Result { try Publisher() }

    init() throws {
        scratch = try Scratch()
        for bits in [1024, 2048, 4096] { #expect(try scratch.openssl("genrsa -out \(bits).key \(bits)") == 0) }
        #expect(try scratch.openssl("genrsa -out other.key 2048") == 0)
        #expect(try scratch.openssl("ecparam -name prime256v1 -genkey -noout -out ec.key") == 0)
        #expect(try scratch.openssl("genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss.key") == 0)
        for name in ["1024", "2048", "4096", "other", "ec", "pss"] {
            #expect(try scratch.openssl("pkey -in \(name).key -pubout -out \(name).pem") == 0)
            #expect(try scratch.openssl("pkey -in \(name).key -pubout -outform DER -out \(name).der") == 0)
        }
        try scratch.write("data", Self.data)
    }

    /// Signs the data with the `openssl` command.
    func sign(_ key: String, hash: String = "sha256", options: String, named algorithm: String = "SHA256") throws -> DetachedSignature {
        let target = "\(key)-\(hash)-\(options.filter(\.isLetter))\(options.filter(\.isNumber))-\(UInt64.random(in: 0...UInt64.max))"
        #expect(try scratch.openssl("dgst -\(hash) -sign \(key).key \(options) -out \(target) data") == 0)
        let hint = Base64.encode(try scratch.bytes("\(key).der"))
        return DetachedSignature(hashAlgorithm: algorithm, publicKey: hint, signature: Base64.encode(try scratch.bytes(target)))
    }

    static func pss(_ salt: String) -> String { "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:\(salt)" }

    /// A node that pins these keys.
    func trust(_ names: [String]) throws -> LiveTrust {
        let folder = try Scratch()
        for name in names { try folder.write("\(name).pem", try scratch.bytes("\(name).pem")) }
        return LiveTrust(keys: try PinnedKeys.load(folder: folder.folder))
    }

    static func digest(_ bytes: [UInt8] = data) throws -> Digest {
        try #require(Digest(bytes: try SHA256.digest(of: bytes)))
    }
}
