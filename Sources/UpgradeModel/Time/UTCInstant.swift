/// A moment in universal time, exact to the nanosecond.
///
/// The one type for wall-clock moments: schedules, journal records, status times. It never reads a clock;
/// moments come in with events. All arithmetic saturates, because an absurd time in a foreign document must
/// not stop a node.
///
/// Units: seconds and nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
package struct UTCInstant: Hashable, Comparable, Sendable {
    /// Whole seconds since 1970-01-01T00:00:00Z, negative before it.
    package let secondsSinceEpoch: Int64

    /// The part after the whole second, 0 ..< 1 000 000 000; it always counts forward.
    package let nanoseconds: Int32

    /// The earliest representable moment: what arithmetic saturates to.
    package static let distantPast = UTCInstant(secondsSinceEpoch: .min)

    /// The latest representable moment: what arithmetic saturates to.
    package static let distantFuture = UTCInstant(secondsSinceEpoch: .max, nanoseconds: 999_999_999)

    /// A moment from its parts; nanoseconds outside 0 ..< 1 000 000 000 are carried into the seconds.
    package init(secondsSinceEpoch: Int64, nanoseconds: Int32 = 0) {
        let carry = Int64(nanoseconds).floorDivided(by: 1_000_000_000)
        let (seconds, overflow) = secondsSinceEpoch.addingReportingOverflow(carry.quotient)
        if overflow {
            self.secondsSinceEpoch = carry.quotient < 0 ? .min : .max
            self.nanoseconds = carry.quotient < 0 ? 0 : 999_999_999
        } else {
            self.secondsSinceEpoch = seconds
            self.nanoseconds = Int32(truncatingIfNeeded: carry.remainder)
        }
    }

    /// Orders by time.
    package static func < (left: UTCInstant, right: UTCInstant) -> Bool {
        left.secondsSinceEpoch == right.secondsSinceEpoch
            ? left.nanoseconds < right.nanoseconds
            : left.secondsSinceEpoch < right.secondsSinceEpoch
    }

    /// The moment `duration` later (earlier when negative), saturating at the ends; less than a nanosecond is dropped.
    package func adding(_ duration: Duration) -> UTCInstant {
        guard duration < Self.longest else { return .distantFuture }
        guard duration > .zero - Self.longest else { return .distantPast }
        let parts = duration.components
        let nanosecondSum = Int64(nanoseconds) + parts.attoseconds / 1_000_000_000
        let carry = nanosecondSum.floorDivided(by: 1_000_000_000)
        // Each part alone may overflow while the sum does not, so the small carry joins the duration first.
        let (seconds, overflow) = secondsSinceEpoch.addingReportingOverflow(parts.seconds + carry.quotient)
        if overflow { return duration < .zero ? .distantPast : .distantFuture }
        return UTCInstant(secondsSinceEpoch: seconds, nanoseconds: Int32(truncatingIfNeeded: carry.remainder))
    }

    /// How long after `earlier` this moment is; negative when it is before. Saturates.
    package func duration(since earlier: UTCInstant) -> Duration {
        let (seconds, overflow) = secondsSinceEpoch.subtractingReportingOverflow(earlier.secondsSinceEpoch)
        if overflow { return self < earlier ? .zero - Self.longest : Self.longest }
        let nanosecondDifference = Int64(nanoseconds) - Int64(earlier.nanoseconds)
        return .seconds(seconds) + .nanoseconds(nanosecondDifference)
    }

    /// `Duration.components` stops the process beyond `Int64` seconds; one second less leaves room for a carry.
    private static let longest = Duration(secondsComponent: .max - 1, attosecondsComponent: 0)
}

extension Int64 {
    /// Division that rounds down, so that the remainder is never negative; `divisor` is positive.
    func floorDivided(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
