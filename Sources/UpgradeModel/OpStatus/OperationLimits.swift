/// How long records are kept.
package struct OperationLimits: Hashable, Sendable {
    /// Ended records of an activity without a limit of its own. Source: seed, `purge_opstatus_after`.
    package var maxAge: Duration = .seconds(5_184_000)
    /// Limits of single activities.
    package var maxAges: [Operation.Activity: Duration] = [:]
    /// The newest records that are kept, open ones not counted.
    package var rowsMax = 10_000

    /// The defaults above.
    package init() {}

    /// When a record that is written now expires; what happened while a clock was wrong is not gone at once.
    package func expiry(of operation: Operation, at now: UTCInstant) -> UTCInstant {
        max(operation.at, now).adding(maxAges[operation.activity] ?? maxAge)
    }

    /// `ACTIVITY=SECONDS`, separated by commas, as the setting `opstatus-max-age` has it; nil when the text is something else.
    package static func ages(_ text: String) -> [Operation.Activity: Duration]? {
        var ages: [Operation.Activity: Duration] = [:]
        for part in text.split(separator: ",") {
            let words = part.split(separator: "=", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
            guard words.count == 2, let activity = Operation.Activity(rawValue: words[0]), let seconds = Int64(words[1]), seconds > 0,
                ages.updateValue(.seconds(seconds), forKey: activity) == nil
            else { return nil }
        }
        return ages
    }
}
