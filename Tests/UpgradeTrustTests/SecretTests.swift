import LibCrypto
import Testing
import UpgradeModel

@Suite struct SecretTests {
    /// RFC 4231, cases 1 and 2; and a key and a text without bytes.
    @Test func hmacMatchesTheStandard() throws {
        let one = try HMACSHA256.code(of: Array("Hi There".utf8), key: [UInt8](repeating: 0x0b, count: 20))
        #expect(Digest.hexText(one) == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        let two = try HMACSHA256.code(of: Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        #expect(Digest.hexText(two) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(Digest.hexText(try HMACSHA256.code(of: [], key: [])) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    /// RFC 7914, section 11 and 12; PBKDF2 with two round counts of a wide-spread list.
    @Test func derivationMatchesTheStandard() throws {
        let (password, salt) = (Array("password".utf8), Array("salt".utf8))
        let once = try KeyDerivation.pbkdf2(password: password, salt: salt, rounds: 1)
        #expect(Digest.hexText(once) == "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b")
        let often = try KeyDerivation.pbkdf2(password: password, salt: salt, rounds: 4096)
        #expect(Digest.hexText(often) == "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a")
        let hard = try KeyDerivation.scrypt(
            password: password, salt: Array("NaCl".utf8), cost: 1024, blockSize: 8, parallel: 16, length: 64)
        #expect(Digest.hexText(hard).hasPrefix("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"))
        let none = try KeyDerivation.scrypt(password: [], salt: [], cost: 16, blockSize: 1, parallel: 1, length: 64)
        #expect(Digest.hexText(none).hasPrefix("77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"))
    }

    @Test func impossibleParametersAreErrors() {
        #expect(throws: CryptoError.self) { try KeyDerivation.scrypt(password: [1], salt: [1], cost: 1000) }
        #expect(throws: CryptoError.self) { try KeyDerivation.scrypt(password: [1], salt: [1], cost: 1 << 30) }
        #expect(throws: CryptoError.self) { try KeyDerivation.scrypt(password: [1], salt: [1], length: 0) }
        #expect(throws: CryptoError.self) { try KeyDerivation.pbkdf2(password: [1], salt: [1], rounds: 0) }
        #expect(throws: CryptoError.self) { try KeyDerivation.pbkdf2(password: [1], salt: [1], rounds: 1, length: -1) }
        #expect(throws: CryptoError.self) { try SecretBytes.random(-1) }
    }

    @Test func chanceAndComparison() throws {
        #expect(try SecretBytes.random(0).isEmpty)
        let (one, other) = (try SecretBytes.random(32), try SecretBytes.random(32))
        #expect(one != other)
        #expect(SecretBytes.areEqual(one, one))
        #expect(!SecretBytes.areEqual(one, other))
        #expect(!SecretBytes.areEqual(one, Array(one.dropLast())))
        #expect(SecretBytes.areEqual([], []))
    }
}
