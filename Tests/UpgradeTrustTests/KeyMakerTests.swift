import LibCrypto
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeTrust

@Suite struct KeyMakerTests {
    private let maker = LiveKeyMaker()
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func whatWeSignOpenSSLAndWeAccept() throws {
        let pair = try maker.makeKeyPair()
        try scratch.write("private.pem", Array(pair.privateKeyPEM.utf8))
        try scratch.write("public.pem", Array(pair.publicKeyPEM.utf8))
        try scratch.write("data", Publisher.data)
        let digest = try Publisher.digest()
        let fields = try maker.sign(digest, privateKeyPEM: pair.privateKeyPEM)
        #expect(fields.hashAlgorithm == "SHA256")
        try scratch.write("signature", try #require(Base64.decode(fields.signature)))
        try scratch.write("digest", digest.bytes)

        let pss = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen"
        #expect(try scratch.openssl("dgst -sha256 -verify public.pem \(pss):auto -signature signature data") == 0)
        // 3072 bits: 384 bytes, less 32 of the digest and 2.
        #expect(try scratch.openssl("dgst -sha256 -verify public.pem \(pss):350 -signature signature data") == 0)
        #expect(try scratch.openssl("dgst -sha256 -verify public.pem \(pss):32 -signature signature data") != 0)
        let prehashed = "-pkeyopt digest:sha256 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:max"
        #expect(try scratch.openssl("pkeyutl -verify -pubin -inkey public.pem -in digest -sigfile signature \(prehashed)") == 0)

        let node = try Scratch()
        try node.write("mine.pem", Array(pair.publicKeyPEM.utf8))
        let trust = LiveTrust(keys: try PinnedKeys.load(folder: node.folder))
        #expect(try trust.verify(fields, over: digest) == "mine.pem")
    }

    @Test func keysAreOfTheStandardFormAndNamedByTheirDigest() throws {
        let (pair, other) = (try maker.makeKeyPair(), try maker.makeKeyPair())
        #expect(pair.privateKeyPEM.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        #expect(pair.publicKeyPEM.hasPrefix("-----BEGIN PUBLIC KEY-----\n"))
        #expect(pair.publicKeyDigest != other.publicKeyDigest)
        try scratch.write("private.pem", Array(pair.privateKeyPEM.utf8))
        #expect(try scratch.openssl("pkey -in private.pem -check -noout") == 0)
        #expect(try scratch.openssl("pkey -in private.pem -pubout -outform DER -out public.der") == 0)
        #expect(try Publisher.digest(scratch.bytes("public.der")) == pair.publicKeyDigest)
        #expect(try RSAPublicKey.read(pem: Array(pair.publicKeyPEM.utf8)).bits == 3072)
    }

    @Test func signsWithTheOlderForm() throws {
        #expect(try scratch.openssl("genrsa -traditional -out old.pem 2048") == 0)
        let text = String(decoding: try scratch.bytes("old.pem"), as: UTF8.self)
        #expect(text.hasPrefix("-----BEGIN RSA PRIVATE KEY-----"))
        _ = try maker.sign(Publisher.digest(), privateKeyPEM: text)
    }

    @Test func refusesOtherPrivateKeysWithoutAsking() throws {
        let publisher = try Publisher.shared.get().scratch
        #expect(try scratch.openssl("genrsa -aes256 -passout pass:x -out locked.pem 2048") == 0)
        let cases: [([UInt8], TrustFailure.Kind)] = [
            ([], .malformed), (Array("no key".utf8), .malformed), (try publisher.bytes("ec.key"), .malformed),
            (try publisher.bytes("pss.key"), .malformed), (try publisher.bytes("2048.pem"), .malformed),
            (try scratch.bytes("locked.pem"), .malformed), (try publisher.bytes("1024.key"), .weakAlgorithm),
        ]
        for (pem, kind) in cases {
            let refused = failure { _ = try maker.sign(Publisher.digest(), privateKeyPEM: String(decoding: pem, as: UTF8.self)) }
            #expect(refused?.kind == kind, "\(refused?.explanation ?? "signed")")
        }
    }
}
