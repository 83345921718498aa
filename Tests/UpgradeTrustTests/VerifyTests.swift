import LibCrypto
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeTrust

@Suite struct VerifyTests {
    private let publisher: Publisher

    init() throws { publisher = try Publisher.shared.get() }

    @Test(arguments: ["2048", "4096"], ["max", "digest", "0", "20"])
    func acceptsEverySaltLength(_ key: String, _ salt: String) throws {
        let signature = try publisher.sign(key, options: Publisher.pss(salt))
        let trust = try publisher.trust(["other", "2048", "4096"])
        #expect(try trust.verify(signature, over: Publisher.digest()) == "\(key).pem")
    }

    @Test func refusesOtherBytes() throws {
        let signature = try publisher.sign("2048", options: Publisher.pss("max"))
        let trust = try publisher.trust(["2048"])
        var bytes = Publisher.data
        bytes[0] ^= 1
        let refused = failure { _ = try trust.verify(signature, over: Publisher.digest(bytes)) }
        #expect(refused?.kind == .wrongSignature)
        #expect(refused?.explanation.contains("names 2048.pem") == true)
    }

    @Test func refusesEveryFlippedByte() throws {
        let signature = try publisher.sign("2048", options: Publisher.pss("max"))
        let trust = try publisher.trust(["2048"])
        let bytes = try #require(Base64.decode(signature.signature))
        for place in stride(from: 0, to: bytes.count, by: 15) {
            var flipped = bytes
            flipped[place] ^= 1 << UInt8(place % 8)
            #expect(failure { _ = try trust.verify(signature.with(signature: flipped), over: Publisher.digest()) }?.kind == .wrongSignature)
        }
        for other in [
            Array(bytes.dropLast()), bytes + [0], [0] + bytes, [0], [UInt8](repeating: 255, count: 256), [UInt8](repeating: 0, count: 256),
        ] {
            #expect(failure { _ = try trust.verify(signature.with(signature: other), over: Publisher.digest()) }?.kind == .wrongSignature)
        }
    }

    @Test(arguments: [
        ("sha256", "-sigopt rsa_padding_mode:pkcs1"),
        ("sha1", "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:max"),
        ("sha512", "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest"),
        ("sha256", "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:max -sigopt rsa_mgf1_md:sha1"),
    ])
    func refusesOtherSchemes(_ hash: String, _ options: String) throws {
        let signature = try publisher.sign("2048", hash: hash, options: options)
        let trust = try publisher.trust(["2048"])
        #expect(failure { _ = try trust.verify(signature, over: Publisher.digest()) }?.kind == .wrongSignature)
    }

    @Test(arguments: ["SHA1", "sha256", "SHA-256", "SHA512", "MD5", "none", " SHA256", "\0"])
    func refusesOtherAlgorithmsByName(_ name: String) throws {
        let signature = try publisher.sign("2048", options: Publisher.pss("max"), named: name)
        let refused = failure { _ = try publisher.trust(["2048"]).verify(signature, over: Publisher.digest()) }
        #expect(refused?.kind == .weakAlgorithm)
        #expect(refused?.explanation.contains(name) == true)
    }

    @Test func emptyFieldsMeanUnsigned() throws {
        let full = try publisher.sign("2048", options: Publisher.pss("max"))
        let trust = try publisher.trust(["2048"])
        let cases = [
            ("", full.publicKey, full.signature), ("SHA256", "", full.signature), ("SHA256", full.publicKey, ""), ("", "", ""),
            ("SHA1", "", ""),
        ]
        for (algorithm, key, signature) in cases {
            let fields = DetachedSignature(hashAlgorithm: algorithm, publicKey: key, signature: signature)
            #expect(failure { _ = try trust.verify(fields, over: Publisher.digest()) }?.kind == .unsigned)
        }
    }

    @Test(arguments: ["a", "====", "YQ", "YQ==\n", "YR==", "Y Q=", "YQ-_", "YQ==YQ==", "é"])
    func refusesWhatIsNotBase64(_ text: String) throws {
        let full = try publisher.sign("2048", options: Publisher.pss("max"))
        let trust = try publisher.trust(["2048"])
        let badKey = DetachedSignature(hashAlgorithm: "SHA256", publicKey: text, signature: full.signature)
        let badSignature = DetachedSignature(hashAlgorithm: "SHA256", publicKey: full.publicKey, signature: text)
        for fields in [badKey, badSignature] {
            #expect(failure { _ = try trust.verify(fields, over: Publisher.digest()) }?.kind == .malformed)
        }
    }

    @Test func aKeyThatComesWithTheDataIsNeverBelieved() throws {
        let signature = try publisher.sign("2048", options: Publisher.pss("max"))
        let refused = failure { _ = try publisher.trust(["4096", "other"]).verify(signature, over: Publisher.digest()) }
        #expect(refused?.kind == .wrongSignature)
        #expect(refused?.explanation.contains("each of the 2 trusted keys") == true)
    }

    @Test func aForeignHintDoesNotLockOut() throws {
        let signature = try publisher.sign("2048", options: Publisher.pss("max"))
        let trust = try publisher.trust(["2048", "other"])
        for hint in [try publisher.scratch.bytes("other.der"), try publisher.scratch.bytes("ec.der"), [0x30]] {
            let fields = DetachedSignature(hashAlgorithm: "SHA256", publicKey: Base64.encode(hint), signature: signature.signature)
            #expect(try trust.verify(fields, over: Publisher.digest()) == "2048.pem")
        }
    }

    @Test func withoutKeysNothingIsBelieved() throws {
        let signature = try publisher.sign("2048", options: Publisher.pss("max"))
        let trust = try publisher.trust([])
        let refused = failure { _ = try trust.verify(signature, over: Publisher.digest()) }
        #expect(refused?.kind == .noPinnedKeys)
        #expect(refused?.explanation.contains(".pem file into /") == true)
    }

    @Test func manyThreadsMayAskAtOnce() async throws {
        let signature = try publisher.sign("4096", options: Publisher.pss("digest"))
        let trust = try publisher.trust(["2048", "4096", "other"])
        let digest = try Publisher.digest()
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<64 { group.addTask { try trust.verify(signature, over: digest) } }
            for try await name in group { #expect(name == "4096.pem") }
        }
    }
}

extension DetachedSignature {
    fileprivate func with(signature bytes: [UInt8]) -> DetachedSignature {
        DetachedSignature(hashAlgorithm: hashAlgorithm, publicKey: publicKey, signature: Base64.encode(bytes))
    }
}
