extension UTCInstant {
    /// The moment that an RFC 3339 text names; nil when the text is anything else.
    ///
    /// Kept: both timestamp forms of the exchange are read, with or without `[UTC]`, with any number of fraction
    /// digits (those after the ninth are dropped). Changed, because a wrong schedule is worse than a refused one:
    /// only days and times that exist are accepted, and a leap second (`:60`) is refused, as it is by the real agent.
    /// Years 0001–9999, after the offset is applied.
    ///
    /// Source: contract 1.1, RFC 3339 section 5.6.
    package init?(rfc3339 text: some StringProtocol) {
        var reader = TimestampReader(text: Array(text.utf8))
        guard let date = reader.date(), reader.skip("T", or: "t"),
            let secondOfDay = reader.secondOfDay(), let nanoseconds = reader.fraction(),
            let offset = reader.offset(), reader.endsWithOptionalZoneName()
        else { return nil }
        let seconds = date.daysSinceEpoch * 86_400 + secondOfDay - offset
        guard Self.writable.contains(seconds) else { return nil }
        self.init(secondsSinceEpoch: seconds, nanoseconds: nanoseconds)
    }

    /// This moment as RFC 3339 text in UTC, for example `2025-08-07T12:34:56.123Z`.
    ///
    /// A moment outside years 0001–9999 is written as the nearest one inside. Digits beyond `fractionDigits` (0–9) are
    /// dropped, not rounded, so that a time never looks later than it was.
    package func rfc3339(fractionDigits: Int = 0) -> String {
        let inside = min(max(self, Self.earliestWritable), Self.latestWritable)
        let parts = inside.secondsSinceEpoch.floorDivided(by: 86_400)
        let date = CivilDate(daysSinceEpoch: parts.quotient)
        let second = parts.remainder
        let day = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
        let time = "\(padded(second / 3_600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
        let digits = min(max(fractionDigits, 0), 9)
        let fraction = digits == 0 ? "" : "." + padded(Int64(inside.nanoseconds), 9).prefix(digits)
        return "\(day)T\(time)\(fraction)Z"
    }

    private static let earliestWritable = UTCInstant(secondsSinceEpoch: -62_135_596_800)
    private static let latestWritable = UTCInstant(secondsSinceEpoch: 253_402_300_799, nanoseconds: 999_999_999)
    private static let writable = earliestWritable.secondsSinceEpoch...latestWritable.secondsSinceEpoch
}

/// Reads the pieces of a timestamp from left to right; every step says nil when its piece is not there.
private struct TimestampReader {
    let text: [UInt8]
    var position = 0

    mutating func date() -> CivilDate? {
        guard let year = digits(4), skip("-", or: "-"), let month = digits(2), skip("-", or: "-"), let day = digits(2)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    mutating func secondOfDay() -> Int64? {
        guard let minutes = hoursAndMinutes(), skip(":", or: ":"), let second = digits(2), second <= 59 else { return nil }
        return minutes * 60 + second
    }

    /// Nanoseconds; zero when there is no fraction.
    mutating func fraction() -> Int32? {
        guard skip(".", or: ".") else { return 0 }
        var nanoseconds: Int32 = 0
        var scale: Int32 = 100_000_000
        let start = position
        while let digit = digit() {
            nanoseconds += Int32(digit) * scale
            scale /= 10
        }
        return position > start ? nanoseconds : nil
    }

    /// Seconds east of Greenwich.
    mutating func offset() -> Int64? {
        if skip("Z", or: "z") { return 0 }
        let isEast = skip("+", or: "+")
        guard isEast || skip("-", or: "-"), let minutes = hoursAndMinutes() else { return nil }
        return isEast ? minutes * 60 : minutes * -60
    }

    func endsWithOptionalZoneName() -> Bool {
        let rest = text[position...]
        return rest.isEmpty || rest.elementsEqual("[UTC]".utf8)
    }

    mutating func skip(_ letter: Unicode.Scalar, or other: Unicode.Scalar) -> Bool {
        guard position < text.count, text[position] == letter.value || text[position] == other.value else { return false }
        position += 1
        return true
    }

    private mutating func hoursAndMinutes() -> Int64? {
        guard let hour = digits(2), hour <= 23, skip(":", or: ":"), let minute = digits(2), minute <= 59 else { return nil }
        return hour * 60 + minute
    }

    private mutating func digits(_ count: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<count {
            guard let digit = digit() else { return nil }
            value = value * 10 + Int64(digit)
        }
        return value
    }

    private mutating func digit() -> UInt8? {
        guard position < text.count, (0x30...0x39).contains(text[position]) else { return nil }
        defer { position += 1 }
        return text[position] - 0x30
    }
}

private func padded(_ number: Int64, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
}
