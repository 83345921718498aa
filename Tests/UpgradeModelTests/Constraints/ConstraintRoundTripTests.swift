import Testing
import UpgradeModel

/// A constraint that is written down again reads as the same one, whatever quirks it was written with.
@Suite struct ConstraintRoundTripTests {
    private let properties = [
        Property(name: "a", value: .string("x")), Property(name: "inside", value: .number(5)), Property(name: "pin", value: .bool(true)),
        Property(name: " a", value: .string("x")), Property(name: "v", value: .string("1.5.0"), type: "version"),
        Property(name: "l", value: .string("x, y"), type: "list of strings"), Property(name: "b\u{A0}", value: .string("")),
    ]

    private func check(_ text: String) throws {
        let constraint = try Constraint(parsing: text)
        let again = try Constraint(parsing: constraint.description)
        #expect(again == constraint, "'\(text)' '\(constraint)'")
        #expect(again.hashValue == constraint.hashValue)
        #expect(again.description == constraint.description)
        #expect(again.isSatisfied(by: properties) == constraint.isSatisfied(by: properties), "'\(text)'")
    }

    @Test(arguments: [
        ("a==x", "a == x"), (" a = x ", " a == x"), ("a == x && ", "a == x"), ("a == x || ", "a == x || "), ("", ""), ("()", "()"),
        ("(a == x || )", "(a == x || )"), ("((a<=5))", "((a <= 5))"), ("()(a == x) && b == y", "() && a == x"), ("a =>= 5", "a =< 5"),
        ("country in\"x, y\"", "country in \"x, y\""), ("countryin x", "countryin x"), ("fixedin[1.0.0, 2.0.0)", "fixedin [1.0.0, 2.0.0)"),
        ("fixedin[1.0.0,2.0.0)", "fixed in [1.0.0,2.0.0)"), ("a == \u{A0}5GB", "a == \u{A0}5GB"), ("a == \u{A0}", "a == \u{A0}"),
        ("country\u{A0}in \u{A0}inside", "country\u{A0}in \u{A0}inside"),
        ("a == x OR b == y AND (c == z OR d != w)", "a == x || b == y && (c == z || d != w)"),
    ])
    func writesOneSpelling(_ text: String, _ expected: String) throws {
        #expect(try Constraint(parsing: text).description == expected)
        try check(text)
    }

    @Test func spellingsOfOneMeaningAreEqual() throws {
        #expect(try Constraint(parsing: "a==x && b=y") == Constraint(parsing: "a == x AND b == y"))
        #expect(try Constraint(parsing: "countryin\"x\"") == Constraint(parsing: "country in \"x\""))
        #expect(try Constraint(parsing: " a == x") != Constraint(parsing: "a == x"))
        #expect(try Constraint(parsing: "a == x || ") != Constraint(parsing: "a == x"))
    }

    @Test func randomConstraints() throws {
        var generator = SeededGenerator(state: 8)
        var read = 0
        for _ in 0..<20_000 {
            let text = term(&generator, depth: 3)
            guard (try? Constraint(parsing: text)) != nil else { continue }
            read += 1
            try check(text)
        }
        #expect(read > 3_000)
    }

    private struct Recorded: Decodable { let constraints: [String] }

    @Test func recordedConstraints() throws {
        var read = 0
        for kind in ["constraint_satisfied", "constraint_validate"] {
            for text in try VectorFile.cases("constraints", kind: kind, as: Recorded.self).flatMap(\.constraints) {
                guard (try? Constraint(parsing: text)) != nil else { continue }
                read += 1
                try check(text)
            }
        }
        #expect(read > 150)
    }

    private func term(_ generator: inout SeededGenerator, depth: Int) -> String {
        let joiners = [" && ", " AND ", " || ", " OR ", "  ||\t", "\n&& "]
        var text = ""
        for index in 0..<Int.random(in: 1...3, using: &generator) {
            if index > 0 { text += joiners.randomElement(using: &generator) ?? "" }
            text += factor(&generator, depth: depth)
        }
        return text + (["", "", "", " ", " || ", " && "].randomElement(using: &generator) ?? "")
    }

    private func factor(_ generator: inout SeededGenerator, depth: Int) -> String {
        if depth > 0, Int.random(in: 0..<4, using: &generator) == 0 {
            let open = ["(", "( ", "()("].randomElement(using: &generator) ?? "("
            return open + term(&generator, depth: depth - 1) + ")"
        }
        let names = ["a", "inside", "pin", "v", "l", "b\u{A0}", "\u{A0}", " a", "\t'q'", "x-y.z", "ア"]
        let signs = ["==", "=", " != ", " < ", " >=", "=< ", " =>= ", " in ", "in ", "in", " in"]
        let operands = [
            "x", "5", "-3.5", "+1e3", "true", "\"x, y\"", "\" x \"", "\"5\"", "1.0.0", "[1.0.0,2.0.0)", "(1.0.0, INFINITY]", "\u{A0}5GB",
            "\u{A0}", "\u{A0}inside", "in", "inside", "'x'", "x\u{A0}", "NaN",
        ]
        return (names.randomElement(using: &generator) ?? "") + (signs.randomElement(using: &generator) ?? "")
            + (operands.randomElement(using: &generator) ?? "")
    }
}
