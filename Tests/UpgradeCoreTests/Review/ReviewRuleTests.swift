import Testing
import UpgradeCore
import UpgradeModel

@Suite struct ReviewRuleTests {
    @Test func `a pattern without a name, or with a star, is a quirk`() {
        #expect(PatternReview.quirks(in: "").map(\.kind) == [.patternEmpty])
        #expect(PatternReview.quirks(in: "org/*").map(\.kind) == [.patternWildcard])
        #expect(PatternReview.quirks(in: "org/*").map(\.position) == [5])
        #expect(PatternReview.quirks(in: "org/pattern").isEmpty)
    }

    @Test(arguments: [("latest", 0), ("2.31", 0), ("[1.0.0,2.0.0]", 1), ("[1.0.0,INFINITY)", 1), ("(1.0.0,2.0.0)", 3)])
    func `a range in a manifest is a quirk, and so are its own`(text: String, count: Int) throws {
        let wanted = try #require(VersionExpression(text))
        #expect(ManifestVersionReview.quirks(in: wanted, text: text).count == count)
    }

    /// Each claim about a bound holds for the rule that nodes match by.
    @Test func `bounds are passed in the spellings that are named`() throws {
        let upper = try #require(VersionRange("[1.0.0,2.0.0)"))
        let lower = try #require(VersionRange("(1.0.0,2.0.0]"))
        let (padded, early, low) = (try #require(Version("02.0.0")), try #require(Version("2.0.0-rc1")), try #require(Version("01.0.0")))
        #expect(upper.contains(padded) && upper.contains(early) && lower.contains(low))
        let remedy = try #require(VersionRange("[1.0.1,1.99.99]"))
        #expect(!remedy.contains(padded) && !remedy.contains(early) && !remedy.contains(low))
    }

    @Test(arguments: [
        "2026-01-02T03:04:05Z", "2026-01-02T03:04:05+02:00", "2026-01-02T03:04:05.123Z", "2026-01-02T3:04:05Z", "2026-01-02T03:04:05,5Z",
        "2024-02-29T00:00:00-24:60", "0000-01-01T00:00:00Z",
    ])
    func `times that hzn reads`(text: String) {
        #expect(OpenHorizonTimeRule.reads(text))
    }

    @Test(arguments: [
        "", "now", "Now", "2026-01-02", "2026-01-02T03:04:05", "2026-01-02t03:04:05Z", "2026-01-02T03:04:05z", "2026-01-02 03:04:05Z",
        "2026-02-29T00:00:00Z", "2026-01-02T24:00:00Z", "2026-01-02T03:60:00Z", "2026-01-02T03:04:60Z", "2026-01-02T03:04:05.Z",
        "2026-01-02T03:04:05Z[UTC]", "2026-01-02T03:04:05+0200", "2026-01-02T03:04:05+25:00", "26-01-02T03:04:05Z", "2026-13-02T03:04:05Z",
        "2026-01-02T03:04:5Z", " 2026-01-02T03:04:05Z",
    ])
    func `times that hzn does not read`(text: String) {
        #expect(!OpenHorizonTimeRule.reads(text))
    }
}
