import Testing
import UpgradeModel

/// Random texts made of the pieces that each language knows: nothing may stop the process, whatever the input.
@Suite struct ParserFuzzTests {
    private func text(_ pieces: [String], upTo count: Int, _ generator: inout SeededGenerator) -> String {
        (0..<Int.random(in: 0...count, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
    }

    private let constraintPieces = [
        "a", "in", "i", "n", "inside", "pin", " ", "  ", "\t", "\n", "==", "=", "!=", "!", "<", ">", "=<", "=>", " in ", "5", "-", "1.0.0",
        ".", "1e9",
        "\"", ",", "a, b", "(", ")", "[", "]", "[1.0.0,2.0.0)", "INFINITY", " AND ", " && ", " OR ", " || ", "AND", "O", "A", "\u{A0}",
        "\u{3000}",
        "\u{7}", "\0", "\u{301}", "ä", "ア", "🙂", "a == b", "(a == b)",
    ]

    @Test func constraints() {
        var generator = SeededGenerator(state: 1)
        let properties = [
            Property(name: "a", value: .string("b")), Property(name: "p", value: .number(.nan)),
            Property(name: "inside", value: .bool(true)),
            Property(name: "i", value: .other), Property(name: "n", value: .string("1.0.0"), type: "version"),
        ]
        var readable = 0
        for _ in 0..<30_000 {
            let text = text(constraintPieces, upTo: 12, &generator)
            let isAccepted = (try? Constraint.checkSyntax(text)) != nil
            if let constraint = try? Constraint(parsing: text) {
                readable += 1
                _ = constraint.isSatisfied(by: properties)
                #expect(isAccepted)
            }
        }
        #expect(readable > 500)
    }

    @Test func versionsAndRanges() {
        var generator = SeededGenerator(state: 2)
        let pieces = [
            "0", "1", "01", "9", "99999999999999999999999", ".", ".", "-", "a", "Z", "rc", ",", "[", "(", "]", ")", "INFINITY", " ", "ä",
            "\u{301}",
        ]
        var known = 0
        for _ in 0..<30_000 {
            let text = text(pieces, upTo: 8, &generator)
            let range = VersionRange(text)
            _ = VersionRange.resemblesRange(text)
            _ = Version.isPropertyVersion(text)
            _ = VersionExpression(text)
            guard let version = Version(text) else { continue }
            known += 1
            #expect(Version(version.padded) == version)
            #expect(range?.contains(version) != nil)
        }
        #expect(known > 500)
    }

    @Test func times() {
        var generator = SeededGenerator(state: 4)
        let pieces = [
            "2026", "-", "01", "12", "31", "T", ":", "00", "59", "60", "Z", "+", "99", ".", "123", "[UTC]", "ä", "9999", "0000", "\u{301}",
            " ",
        ]
        for _ in 0..<20_000 {
            _ = UTCInstant(rfc3339: text(pieces, upTo: 16, &generator))
            let instant = UTCInstant(
                secondsSinceEpoch: .random(in: -70_000_000_000...260_000_000_000, using: &generator),
                nanoseconds: .random(in: .min ... .max, using: &generator))
            let written = instant.rfc3339(fractionDigits: 9)
            #expect(UTCInstant(rfc3339: written)?.rfc3339(fractionDigits: 9) == written)
            let extreme = UTCInstant(secondsSinceEpoch: .random(in: .min ... .max, using: &generator))
            _ = extreme.rfc3339()
            let duration = extreme.duration(since: instant)
            _ = instant.adding(duration).adding(duration)
        }
    }

    @Test func damagedValidTimesNeverStopTheReader() {
        let valid = Array("2026-01-02T03:04:05.678+09:30".unicodeScalars)
        for index in valid.indices {
            for scalar in "0129-:.TZ+x\u{301}".unicodeScalars {
                var damaged = String.UnicodeScalarView()
                damaged.append(contentsOf: valid[..<index])
                damaged.append(scalar)
                damaged.append(contentsOf: valid[(index + 1)...])
                if let instant = UTCInstant(rfc3339: String(damaged)) {
                    #expect(UTCInstant(rfc3339: instant.rfc3339(fractionDigits: 9)) == instant)
                }
            }
        }
    }
}
