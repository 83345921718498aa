import UpgradeCore
import UpgradeModel

/// `Constraint`, its two checks, its printing, and the review for authors.
enum ConstraintFuzz {
    static let pieces = [
        "a", "in", "i", "n", "inside", "pin", " ", "  ", "\t", "\n", "==", "=", "!=", "!", "<", ">", "=<", "=>", " in ", "5", "-", "1.0.0",
        ".", "1e9", "0x1p-3", "_", "\"", ",", "\"a, b\"", "(", ")", "[", "]", "[1.0.0,2.0.0)", "INFINITY", " AND ", " && ", " OR ", " || ",
        "AND", "O", "A", "\u{A0}", "\u{3000}", "\u{85}", "\u{7}", "\0", "\u{301}", "ä", "ア", "🙂", "\u{FF0A}", "a == b", "(a == b)",
        "openhorizon.cpu", "openhorizon.allowPrivileged",
    ]

    static let nodes: [[Property]] = [
        [],
        [
            Property(name: "a", value: .string("b")), Property(name: "p", value: .number(.nan)), Property(name: "n", value: .number(5)),
            Property(name: "inside", value: .bool(true)), Property(name: "i", value: .other), Property(name: "", value: .string("")),
            Property(name: "s", value: .string("abc, \"d\",")), Property(name: "openhorizon.cpu", value: .number(-.infinity)),
        ],
        [
            Property(name: "v", value: .string("1.2.3"), type: "version"), Property(name: "n", value: .string("1.0.0-rc")),
            Property(name: "l", value: .string("a,\"b\", c"), type: "list of strings"), Property(name: "s", value: .string("[1,2)")),
            Property(name: "a", value: .string(","), type: "list of strings"), Property(name: "a", value: .string("b")),
        ],
    ]

    static func read(_ text: String, _ fingerprint: inout Fingerprint) throws -> Bool {
        let reading = Result { () throws(ConstraintError) in try Constraint(parsing: text) }
        let check = Result { () throws(ConstraintError) in try Constraint.checkSyntax(text) }
        let review = Result { () throws(ConstraintError) in try ConstraintReview.quirks(in: text) }
        switch (reading, check, review) {
        case (.success(let constraint), .success, .success(let quirks)):
            for node in nodes { fingerprint.add(constraint.isSatisfied(by: node)) }
            for quirk in quirks { fingerprint.add("\(quirk.position) \(quirk.explanation) \(quirk.remedy)") }
            let printed = constraint.description
            guard printed.utf8.count > Constraint.lengthMax || (try? Constraint(parsing: printed)) == constraint else {
                throw Finding("what was printed reads differently: \(printed.debugDescription)")
            }
            return true
        case (.failure(let error), _, .failure(let other)) where error == other:
            guard (1...max(text.unicodeScalars.count, Constraint.lengthMax) + 1).contains(error.position) else {
                throw Finding("no place of the text: \(error)")
            }
            fingerprint.add(error.explanation + error.remedy)
            return false
        default:
            throw Finding("reading, check and review disagree: \(reading), \(check), \(review)")
        }
    }
}
