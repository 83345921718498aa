import Testing
import UpgradeModel

@Suite struct ConstraintTests {
    private let properties = [
        Property(name: "s", value: .string("abc")), Property(name: "n", value: .number(5)), Property(name: "b", value: .bool(true)),
        Property(name: "l", value: .string("a, b ,c"), type: "list of strings"),
        Property(name: "v", value: .string("1.2.3"), type: "version"),
        Property(name: "initram", value: .string("x")), Property(name: "inside", value: .string("x")),
        Property(name: "country", value: .string("x")),
    ]

    private func holds(_ text: String) throws -> Bool {
        try Constraint(parsing: text).isSatisfied(by: properties)
    }

    @Test(arguments: [
        ("s == abc", true), ("s == x || n == 5 && b == true", true), ("(s == x || n == 5) && b == false", false), ("", true), ("  ", true),
        ("()", true), ("s == x || ", true), ("s == x && ", false), (" s == abc", false), ("missing != x", false), ("n =< 5", true),
        ("n => 4", false), ("n == +5", true), ("n == .5e1", true), ("n == +0x1.4p2", true),
        ("n < +0x6p0", true), ("n == +0_5", true), ("n == +0x_5p0", true), ("n == +5_", false), ("n == +_5", false), ("n == +0x5", false),
        ("n == +5__0", false), ("n == +1e999", false), ("n < inf", true), ("n == nan", false), ("n != nan", true), ("b == t", true),
        ("l in \"x, b\"", true), ("l in \"x, y\"", false),
        ("l != d", true), ("v in [1.0.0,2.0.0)", true), ("v in 1.0.0", true), ("country\tin\"x, y\"", true), ("countryin\"x, y\"", true),
        ("countryin x", true), ("inside == x", true), ("((((n == 5))))", true), ("() && n == 6", false), ("()(s == abc) && n == 6", true),
        ("s == abc) && (n == 6", true),
        ("s == abc\u{A0}", true),
    ])
    func evaluates(_ text: String, _ expected: Bool) throws {
        #expect(try holds(text) == expected)
    }

    @Test(
        arguments: [
            ("s ==", .valueExpected, 5, ""), ("s abc", .operatorExpected, 2, " abc"), ("== abc", .nameExpected, 1, "== abc"),
            ("s == 5GB", .joinerExpected, 7, "GB"), ("s == abc and n == 5", .joinerExpected, 9, " and n == 5"),
            ("n > five", .valueDoesNotFit, 5, "five"), ("s == \"a, b\"", .valueDoesNotFit, 6, "\"a, b\""),
            ("s in abc", .valueDoesNotFit, 6, "abc"),
            ("v in [1.0.0, 2.0.0)", .valueDoesNotFit, 6, "[1.0.0, 2.0.0)"), ("(s == abc", .parenthesesUnmatched, 10, ""),
            ("s == abc)", .parenthesesUnmatched, 10, ""), ("s == abc AND", .joinerExpected, 9, " AND"),
            ("a == b&&c == d", .joinerExpected, 7, "&&c == d"),
            ("in == 5", .nameExpected, 1, "in == 5"), ("initram == x", .nameExpected, 1, "initram == x"),
            ("s == initram", .valueExpected, 6, "initram"),
            ("10.0.0 == x", .nameExpected, 1, "10.0.0 == x"), ("\u{7}s == x", .nameExpected, 1, "\u{7}s == x"),
            ("() s == abc", .joinerExpected, 3, " s == abc"),
        ] as [(String, ConstraintError.Kind, Int, String)])
    func refuses(_ text: String, _ kind: ConstraintError.Kind, _ position: Int, _ found: String) {
        let error = #expect(throws: ConstraintError.self) { try Constraint(parsing: text) }
        #expect(error?.kind == kind)
        #expect(error?.position == position)
        #expect(error?.found == found)
        #expect(error?.explanation.contains("expected") == true)
        #expect(error?.remedy.isEmpty == false)
    }

    @Test func duplicateNamesAreDecidedByTheFirstUsableValue() throws {
        let constraint = try Constraint(parsing: "a == 2")
        #expect(!constraint.isSatisfied(by: [.init(name: "a", value: .string("1")), .init(name: "a", value: .string("2"))]))
        #expect(constraint.isSatisfied(by: [.init(name: "a", value: .other), .init(name: "a", value: .string("2"))]))
    }

    @Test func comparesBytesNotAppearance() throws {
        let constraint = try Constraint(parsing: "a == caf\u{E9}")
        #expect(constraint.isSatisfied(by: [.init(name: "a", value: .string("caf\u{E9}"))]))
        #expect(!constraint.isSatisfied(by: [.init(name: "a", value: .string("cafe\u{301}"))]))
    }

    @Test func aLoneQuoteIsAValue() throws {
        #expect(try !Constraint(parsing: "a == b").isSatisfied(by: [.init(name: "a", value: .string("\""))]))
    }

    @Test func longTextIsRefusedAtOnce() {
        let text = "a == " + String(repeating: "b", count: 1 << 20)
        let error = #expect(throws: ConstraintError.self) { try Constraint(parsing: text) }
        #expect(error?.kind == .textTooLong)
        #expect(error?.subject.count == 80)
    }

    @Test func depthIsBounded() throws {
        let nested = { (depth: Int) in String(repeating: "(", count: depth) + "n == 5" + String(repeating: ")", count: depth) }
        #expect(try holds(nested(Constraint.depthMax)))
        let error = #expect(throws: ConstraintError.self) { try holds(nested(Constraint.depthMax + 1)) }
        #expect(error?.kind == .nestedTooDeep)
        #expect(throws: ConstraintError.self) { try holds(nested(30_000)) }
    }

    @Test(arguments: [
        "n == 5 || ", "(n == 5)  &&  ", "n in \"1, 2\" OR ", "              ", "((((((((", "()", "n == 1.1.1    , ", "in", "\"a", "[1.1.1",
    ])
    func theLongestTextIsReadInNoTime(_ piece: String) {
        let text = String(repeating: piece, count: Constraint.lengthMax / piece.count)
        // A reader that goes back over the text for every piece needs minutes for this; the bound leaves room for a busy machine.
        #expect(ContinuousClock().measure { _ = try? Constraint(parsing: text) } < .seconds(10))
    }
}
