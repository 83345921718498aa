import Testing
import UpgradeModel

@Suite struct UTCInstantTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0, 0),
            ("2026-01-02T03:04:05Z", 1_767_323_045, 0),
            ("2026-01-02T03:04:05+02:00", 1_767_315_845, 0),
            ("2026-01-02T03:04:05-00:30", 1_767_324_845, 0),
            ("2025-08-07T12:34:56.123Z[UTC]", 1_754_570_096, 123_000_000),
            ("2025-08-07T12:34:56.123456Z", 1_754_570_096, 123_456_000),
            ("2025-08-07t12:34:56.1234567899999z", 1_754_570_096, 123_456_789),
            ("2024-02-29T00:00:00Z", 1_709_164_800, 0),
            ("2000-02-29T23:59:59Z", 951_868_799, 0),
            ("1969-12-31T23:59:59.5Z", -1, 500_000_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
            ("9999-12-31T23:59:59Z", 253_402_300_799, 0),
        ] as [(String, Int64, Int32)])
    func reads(_ text: String, _ seconds: Int64, _ nanoseconds: Int32) {
        #expect(UTCInstant(rfc3339: text) == UTCInstant(secondsSinceEpoch: seconds, nanoseconds: nanoseconds))
    }

    @Test(arguments: [
        "", "now", "2026-01-02", "2026-01-02T03:04:05", "2026-01-02 03:04:05Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-02T24:00:00Z",
        "2026-01-02T03:60:05Z", "2026-01-02T03:04:60Z", "2016-12-31T23:59:60Z", "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05+24:00",
        "2026-01-02T03:04:05+0200", "2026-01-02T03:04:05Z[utc]", "2026-01-02T03:04:05Z[UTC]x", "2026-01-02T03:04:05Z ",
        " 2026-01-02T03:04:05Z",
        "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "12026-01-02T03:04:05Z", "２026-01-02T03:04:05Z",
    ])
    func refuses(_ text: String) {
        #expect(UTCInstant(rfc3339: text) == nil)
    }

    @Test func writes() {
        let instant = UTCInstant(secondsSinceEpoch: 1_754_570_096, nanoseconds: 123_456_789)
        #expect(instant.rfc3339() == "2025-08-07T12:34:56Z")
        #expect(instant.rfc3339(fractionDigits: 3) == "2025-08-07T12:34:56.123Z")
        #expect(instant.rfc3339(fractionDigits: 99) == "2025-08-07T12:34:56.123456789Z")
        #expect(UTCInstant.distantFuture.rfc3339() == "9999-12-31T23:59:59Z")
        #expect(UTCInstant.distantPast.rfc3339(fractionDigits: 1) == "0001-01-01T00:00:00.0Z")
    }

    @Test func daysOfFourCenturiesRoundTrip() {
        var previous: UTCInstant?
        for day in stride(from: Int64(-141_500), through: 5_000, by: 5) {
            let instant = UTCInstant(secondsSinceEpoch: day * 86_400 + 43_210)
            #expect(UTCInstant(rfc3339: instant.rfc3339()) == instant)
            if let previous { #expect(previous.rfc3339() < instant.rfc3339()) }
            previous = instant
        }
    }

    @Test func addsAndSubtracts() {
        let base = UTCInstant(secondsSinceEpoch: 100, nanoseconds: 900_000_000)
        #expect(base.adding(.milliseconds(200)) == UTCInstant(secondsSinceEpoch: 101, nanoseconds: 100_000_000))
        #expect(base.adding(.milliseconds(-950)) == UTCInstant(secondsSinceEpoch: 99, nanoseconds: 950_000_000))
        #expect(base.adding(.seconds(-200)).duration(since: base) == .seconds(-200))
        #expect(base.duration(since: base.adding(.milliseconds(300))) == .milliseconds(-300))
    }

    @Test func saturatesAtBothEnds() {
        let huge = Duration(secondsComponent: .max, attosecondsComponent: 0) + Duration(secondsComponent: .max, attosecondsComponent: 0)
        #expect(UTCInstant.distantFuture.adding(.seconds(1)) == .distantFuture)
        #expect(UTCInstant.distantFuture.adding(.nanoseconds(1)) == .distantFuture)
        #expect(UTCInstant.distantPast.adding(.nanoseconds(-1)) == .distantPast)
        #expect(UTCInstant(secondsSinceEpoch: 0).adding(huge) == .distantFuture)
        #expect(UTCInstant(secondsSinceEpoch: 0).adding(.zero - huge) == .distantPast)
        #expect(UTCInstant.distantFuture.duration(since: .distantPast) > .seconds(Int64.max - 2))
        #expect(UTCInstant.distantPast.duration(since: .distantFuture).components.seconds < -Int64.max + 2)
        #expect(UTCInstant(secondsSinceEpoch: .max, nanoseconds: .max) == .distantFuture)
        #expect(UTCInstant(secondsSinceEpoch: .min, nanoseconds: -1) == .distantPast)
        #expect(UTCInstant(secondsSinceEpoch: 5, nanoseconds: -1) == UTCInstant(secondsSinceEpoch: 4, nanoseconds: 999_999_999))
    }

    @Test func ordersByTime() {
        let early = UTCInstant(secondsSinceEpoch: -1, nanoseconds: 999_999_999)
        let late = UTCInstant(secondsSinceEpoch: 0)
        #expect(early < late)
        #expect(!(late < early))
        #expect(late < UTCInstant(secondsSinceEpoch: 0, nanoseconds: 1))
    }
}
