import LibCrypto
import Testing

@Suite struct Base64Tests {
    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func matchesTheStandard(_ plain: String, _ text: String) {
        #expect(Base64.encode(Array(plain.utf8)) == text)
        #expect(Base64.decode(text) == Array(plain.utf8))
    }

    @Test func allBytesComeBack() throws {
        for count in 0..<300 {
            let bytes = try SecretBytes.random(count)
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
        #expect(Base64.encode([0xfb, 0xff, 0xfe]) == "+//+")
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Z===", "====", "Zh==", "Zm9=", "Zg==Zg==", "Zg ==", " Zg==", "Zg==\n", "Zm-v", "Zm_v", "=Zg=", "Z=g=", "Zmé",
    ])
    func anythingElseIsRefused(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
