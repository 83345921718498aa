import Testing
import UpgradeModel

@Suite struct VersionTests {
    @Test func quirksOfRanges() throws {
        #expect(try #require(VersionRange("(1.0.0,2.0.0]")).contains(#require(Version("01.0.0"))))
        #expect(try #require(VersionRange("[1.0.0,2.0.0)")).contains(#require(Version("2.0.0-rc1"))))
        #expect(try !#require(VersionRange("(1.0.0,2.0.0]")).contains(#require(Version("1"))))
        #expect(try #require(VersionRange("[2.0.0,1.0.0]")).contains(#require(Version("2"))))
        #expect(VersionRange("[") == nil)
        #expect(VersionRange.resemblesRange("11.0.0,2.0.0]"))
        #expect(!VersionRange.resemblesRange("1.0.0,2.0.0"))
    }

    /// The recorded cases hold one number beyond 64 bits; this is what the real comparison does with several.
    @Test func quirksOfNumbers() throws {
        let order = [
            "1.0.0--99999999999999999999", "1.0.0--a", "1.0.0-99999999999999999999", "1.0.0-a", "1.0.0",
        ]
        for text in ["--9223372036854775808", "--5", "--0", "-3", "-9223372036854775807"] {
            #expect(try #require(Version("1.0.0" + text)) < #require(Version(order[0])), "a number is below a word: \(text)")
        }
        #expect(try #require(Version("1.0.0--5")) < #require(Version("1.0.0-3")))
        #expect(try #require(Version("1.0.0--0")) == #require(Version("1.0.0-00")))
        for (left, right) in zip(order, order.dropFirst()) {
            #expect(try #require(Version(left)) < #require(Version(right)), "\(left) \(right)")
        }
        #expect(Version("99999999999999999999.0.0") == Version("99999999999999999998.0.0"))
        #expect(Version("9223372036854775807") == Version("9223372036854775808"))
        #expect(try #require(Version("9223372036854775806")) < #require(Version("9223372036854775807")))
    }

    @Test func wishes() {
        #expect(VersionExpression("latest") == .latest)
        #expect(VersionExpression("LATEST") == nil)
        #expect(VersionExpression("1.0") == Version("1.0").map { .exact($0) })
        #expect(VersionExpression("[1.0,2.0)") == VersionRange("[1.0,2.0)").map { .range($0) })
        #expect(VersionExpression("") == nil)
    }
}
