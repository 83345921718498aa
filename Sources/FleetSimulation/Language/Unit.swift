/// Numbers with units as people write them.
package enum Unit {
    private static let times: [(unit: String, nanoseconds: Double)] = [
        ("d", 86_400e9), ("h", 3600e9), ("m", 60e9), ("s", 1e9), ("ms", 1e6), ("y", 365 * 86_400e9),
    ]
    private static let sizes: [(unit: String, bytes: Double)] = [
        ("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3), ("B", 1), ("KiB", 1024), ("MiB", 1_048_576), ("GiB", 1_073_741_824),
    ]

    /// `90s`, `1h 30m`, `-2d`; a year has 365 days.
    package static func time(_ text: String) -> Duration? {
        let isBack = text.hasPrefix("-")
        guard let sum = sum(isBack ? String(text.dropFirst()) : text, times.map { ($0.unit, $0.nanoseconds) }), sum < 9e18 else {
            return nil
        }
        return .nanoseconds(Int64(isBack ? -sum : sum))
    }

    /// `30MB`; KiB, MiB and GiB too.
    package static func bytes(_ text: String) -> Int64? {
        sum(text, sizes.map { ($0.unit, $0.bytes) }).flatMap { $0 < 9e18 ? Int64($0) : nil }
    }

    /// `3%`.
    package static func share(_ text: String) -> Double? {
        guard text.hasSuffix("%"), let number = number(text.dropLast().filter { $0 != " " }), number <= 100 else { return nil }
        return number / 100
    }

    /// As `time(_:)` reads it.
    package static func time(_ time: Duration) -> String {
        var rest = time.nanoseconds
        let sign = rest < 0 ? "-" : ""
        rest = abs(rest)
        var parts: [String] = []
        for (unit, size) in times.prefix(5) where rest >= Int64(size) {
            parts.append("\(rest / Int64(size))\(unit)")
            rest %= Int64(size)
        }
        // Less than a millisecond is none.
        return parts.isEmpty ? "0s" : sign + parts.joined(separator: " ")
    }

    /// As `bytes(_:)` reads it.
    package static func bytes(_ bytes: Int64) -> String {
        let whole = sizes.first { bytes != 0 && bytes % Int64($0.bytes) == 0 } ?? ("B", 1)
        let (unit, size) = bytes > 0 && bytes % (1 << 30) == 0 ? ("GiB", Double(1 << 30)) : whole
        return "\(bytes / Int64(size))\(unit)"
    }

    /// As `share(_:)` reads it.
    package static func share(_ share: Double) -> String {
        let percent = (share * 1e6).rounded() / 1e4
        return (Int(exactly: percent).map(String.init) ?? "\(percent)") + "%"
    }

    /// Numbers, each with its unit, one after the other.
    private static func sum(_ text: String, _ units: [(String, Double)]) -> Double? {
        var rest = text.filter { $0 != " " }[...]
        var sum = 0.0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let number = number(digits), let size = units.first(where: { $0.0 == unit })?.1 else { return nil }
            sum += number * size
        }
        return sum
    }

    /// Digits with at most one point.
    private static func number(_ text: some StringProtocol) -> Double? {
        guard let first = text.first, first.isASCII, first.isNumber else { return nil }
        return Double(text)
    }
}
