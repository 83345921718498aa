/// Whether `hzn` and the agents of Open Horizon read a text as the time of a start.
///
/// Kept, because it differs from ours: hours of one digit, a comma before the fraction, offsets up to 24:60 and the year 0 are read;
/// small letters and `[UTC]` are not, and such an agent takes a start that it cannot read for long ago. Source: contract 4.8.
package enum OpenHorizonTimeRule {
    /// True for an RFC 3339 time as they read it.
    package static func reads(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        guard let year = number(4...4, of: &rest), skip("-", &rest), let month = number(2...2, of: &rest), (1...12).contains(month),
            skip("-", &rest), let day = number(2...2, of: &rest), (1...length(ofMonth: month, year: year)).contains(day),
            skip("T", &rest), let hour = number(1...2, of: &rest), hour < 24, skip(":", &rest),
            let minute = number(2...2, of: &rest), minute < 60, skip(":", &rest), let second = number(2...2, of: &rest), second < 60
        else { return false }
        if skip(".", &rest) || skip(",", &rest) {
            let digits = rest.prefix(while: isDigit)
            guard !digits.isEmpty else { return false }
            rest = rest[digits.endIndex...]
        }
        return endsWithZone(rest)
    }

    private static func endsWithZone(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        if skip("Z", &rest) { return rest.isEmpty }
        guard skip("+", &rest) || skip("-", &rest), let hours = number(2...2, of: &rest), hours <= 24, skip(":", &rest),
            let minutes = number(2...2, of: &rest), minutes <= 60
        else { return false }
        return rest.isEmpty
    }

    /// As many digits as there are, within `counts`.
    private static func number(_ counts: ClosedRange<Int>, of rest: inout ArraySlice<UInt8>) -> Int? {
        let digits = rest.prefix(counts.upperBound).prefix(while: isDigit)
        guard counts.contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func skip(_ sign: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard let first = rest.first, first == sign.value else { return false }
        rest = rest.dropFirst()
        return true
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        switch month {
        case 2: return isLeap ? 29 : 28
        case 4, 6, 9, 11: return 30
        default: return 31
        }
    }
}
