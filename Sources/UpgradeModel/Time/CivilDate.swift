/// A day of the proleptic Gregorian calendar, for converting RFC 3339 text to and from seconds.
struct CivilDate: Equatable {
    var year: Int64
    var month: Int64
    var day: Int64

    /// Nil unless that day exists.
    init?(year: Int64, month: Int64, day: Int64) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
        self.year = year
        self.month = month
        self.day = day
        guard day <= Self.length(ofMonth: month, year: year) else { return nil }
    }

    /// The day that lies `daysSinceEpoch` days after 1970-01-01; the caller keeps it within years 0001–9999.
    init(daysSinceEpoch: Int64) {
        // The year starts in March here, so that the leap day comes last and needs no special case.
        let days = daysSinceEpoch + Self.daysFromMarchZeroToEpoch
        let era = days.floorDivided(by: Self.daysPerEra)
        let dayOfEra = era.remainder
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = era.quotient * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01.
    var daysSinceEpoch: Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let marchMonth = month > 2 ? month - 3 : month + 9
        let era = marchYear.floorDivided(by: 400)
        let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
        let dayOfEra = era.remainder * 365 + era.remainder / 4 - era.remainder / 100 + dayOfYear
        return era.quotient * Self.daysPerEra + dayOfEra - Self.daysFromMarchZeroToEpoch
    }

    private static let daysPerEra: Int64 = 146_097
    private static let daysFromMarchZeroToEpoch: Int64 = 719_468

    private static func length(ofMonth month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
