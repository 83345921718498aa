import LibCrypto
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeTrust

@Suite struct DigestTests {
    /// The vector of FIPS 180-4.
    @Test func matchesTheStandard() throws {
        #expect(Digest.hexText(try SHA256.digest(of: [])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            Digest.hexText(try SHA256.digest(of: Array("abc".utf8))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func askingDoesNotDisturb() throws {
        let running = LiveDigest()
        var bytes: [UInt8] = []
        for size in [0, 1, 63, 64, 65, 1000] {
            let piece = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
            bytes += piece
            running.update(piece)
            #expect(running.current() == (try Publisher.digest(bytes)))
            #expect(running.current() == (try Publisher.digest(bytes)))
        }
    }
}
