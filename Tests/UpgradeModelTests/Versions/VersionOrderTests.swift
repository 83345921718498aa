import Testing
import UpgradeModel

/// Any versions, of every odd form: one order, and every text reads as what it says.
@Suite struct VersionOrderTests {
    private func version(_ generator: inout SeededGenerator) -> Version {
        let numbers = [
            "0", "1", "01", "2", "10", "9223372036854775806", "9223372036854775807", "18446744073709551616", "99999999999999999999",
        ]
        let parts = ["", "-", "--", "a", "A", "rc", "1", "01", "-5", "-05", "10", "18446744073709551616", "18446744073709551617", "-9a"]
        guard Int.random(in: 0..<20, using: &generator) > 0 else { return .infinity }
        let head = (0..<Int.random(in: 1...3, using: &generator)).map { _ in numbers.randomElement(using: &generator) ?? "0" }
        let tail = (0..<Int.random(in: 0...3, using: &generator)).map { _ in parts.randomElement(using: &generator) ?? "" }
        let dash = tail.isEmpty && Bool.random(using: &generator) ? "" : "-"
        return Version(head.joined(separator: ".") + dash + tail.joined(separator: ".")) ?? .infinity
    }

    @Test func everyPairHasOneOrder() {
        var generator = SeededGenerator(state: 3)
        let versions = (0..<200).map { _ in version(&generator) }
        #expect(versions.count { $0 == .infinity } < 30)
        for left in versions {
            for right in versions {
                #expect([left < right, left == right, left > right].filter { $0 }.count == 1, "\(left) \(right)")
                if left == right { #expect(left.hashValue == right.hashValue, "\(left) \(right)") }
            }
        }
        let sorted = versions.sorted()
        for (index, left) in sorted.enumerated() {
            #expect(sorted[index...].allSatisfy { left <= $0 }, "\(left)")
        }
    }

    @Test func theOrderIsTransitive() {
        var generator = SeededGenerator(state: 5)
        for _ in 0..<30_000 {
            let (a, b, c) = (version(&generator), version(&generator), version(&generator))
            if a <= b, b <= c { #expect(a <= c, "\(a) \(b) \(c)") }
            if a == b, b == c { #expect(a == c, "\(a) \(b) \(c)") }
            if a < b, b == c { #expect(a < c, "\(a) \(b) \(c)") }
        }
    }

    @Test func aVersionReadsAsItIsWritten() {
        var generator = SeededGenerator(state: 6)
        for _ in 0..<5_000 {
            let version = version(&generator)
            #expect(Version(version.description) == version)
            #expect(Version(version.padded) == version)
            #expect(Version(version.padded)?.padded == version.padded)
        }
    }

    @Test func aRangeReadsAsItIsWritten() throws {
        var generator = SeededGenerator(state: 7)
        for _ in 0..<5_000 {
            let open = Bool.random(using: &generator) ? "[" : "("
            let close = Bool.random(using: &generator) ? "]" : ")"
            let range = try #require(VersionRange("\(open)\(version(&generator)),\(version(&generator))\(close)"))
            let again = try #require(VersionRange(range.description))
            #expect(again == range && again.description == range.description)
            for inside in [range.lower, range.upper, version(&generator)] {
                #expect(again.contains(inside) == range.contains(inside), "\(range) \(inside)")
            }
            let lone = try #require(VersionRange(range.lower.text))
            #expect(VersionRange(lone.description) == lone)
        }
    }
}
