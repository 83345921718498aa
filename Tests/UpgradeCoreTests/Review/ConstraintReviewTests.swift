import Testing
import UpgradeCore
import UpgradeModel

@Suite struct ConstraintReviewTests {
    private func found(_ text: String) throws -> [String] {
        try ConstraintReview.quirks(in: text).map { "\($0.kind)@\($0.position)" }
    }

    @Test(arguments: [
        ("a == x || ", ["emptyTerm@8"]), ("a == x && ", ["emptyTerm@8"]), ("()", ["emptyTerm@1"]), ("a == x && ( )", ["emptyTerm@11"]),
        ("(a == x OR ) && b == y", ["emptyTerm@9"]), ("a == x) || (b == y", ["closesNothing@7"]), (")(", ["closesNothing@1"]),
        (" a == x", ["blankBeforeName@1"]), ("\ta == x", ["blankBeforeName@1"]), ("margin 5", ["operatorMissing@1"]),
        ("a == b && domain\"x, y\"", ["operatorMissing@11"]), ("cpu => 4", ["operatorBackwards@5"]), ("cpu =< 4", ["operatorBackwards@5"]),
        ("a!=b", ["exclamationMark@1"]), ("!a == b", ["exclamationMark@1"]), ("a == !b", ["exclamationMark@6"]),
        ("a == 'b'", ["singleQuotes@6"]), ("'a' == b", ["singleQuotes@1"]), ("a\u{A0}== b", ["lookalike@1"]),
        ("a == \u{A0} && b == c", ["lookalike@6"]), ("a == \u{A0}", ["lookalike@6"]),
        ("margin \u{A0}", ["operatorMissing@1"]), ("\u{FF08}a == b", ["lookalike@1"]),
        ("v in (1.0.0,2.0.0]", ["lowerBoundExcluded@6"]), ("v in [1.0.0,2.0.0)", ["upperBoundExcluded@18"]),
        ("v in [2.0.0,1.0.0]", ["rangeBackwards@6"]), ("v in (1.0.0,INFINITY)", ["lowerBoundExcluded@6"]),
    ])
    func `a dangerous form is found where it stands`(text: String, expected: [String]) throws {
        #expect(try found(text) == expected)
    }

    @Test(arguments: [
        "openhorizon.cpu == \"4\"", "openhorizon.memory in \"1, 2\"", "openhorizon.cpu == many", "openhorizon.containerized == \"true\"",
        "openhorizon.containerized == yes", "openhorizon.containerized in \"true\"", "openhorizon.arch < 5",
    ])
    func `what never holds for a built-in property is found`(text: String) throws {
        #expect(try ConstraintReview.quirks(in: text).count == 1)
    }

    @Test(arguments: [
        "", "  ", "a == x", "a == x ", "a == x && (b != \"y z\" || c in \"d, e\") AND f >= 1.5", "v in [1.0.0,INFINITY)", "v in 1.0.0",
        "v in [1.0.0,1.99.99]", "openhorizon.cpu >= 4", "openhorizon.arch != arm64", "openhorizon.allowPrivileged == \"true\"",
        "openhorizon.containerized == false", "a == b!", "a == '90s", "a == \"'b'\"", "名前 == 値", "cain == abel",
    ])
    func `what means what it says is left alone`(text: String) throws {
        #expect(try found(text) == [])
    }

    @Test func `all are found, from left to right`() throws {
        #expect(
            try found(" a == 'x' && v in (1.0.0,2.0.0) || ")
                == ["blankBeforeName@1", "singleQuotes@7", "lowerBoundExcluded@19", "upperBoundExcluded@31", "emptyTerm@33"])
    }

    @Test func `what cannot be read is an error`() {
        #expect(throws: ConstraintError.self) { try ConstraintReview.quirks(in: "a == b AND") }
    }

    @Test func `every quirk says what it does and what to do`() {
        for kind in Quirk.Kind.allCases {
            let quirk = Quirk(kind: kind, found: "it", position: 1)
            #expect(!quirk.explanation.isEmpty && !quirk.remedy.isEmpty)
        }
    }

    /// The promise behind the review: a constraint without quirks is what the grammar without its accidents takes, and means the same.
    @Test func `without quirks, the plain reading is the node's reading`() throws {
        var generator = ReviewGenerator(state: 7)
        var (reviewed, odd) = (0, 0)
        for round in 0..<10_000 {
            let text = PlainReading.text(round, &generator)
            guard let constraint = try? Constraint(parsing: text) else { continue }
            guard try ConstraintReview.quirks(in: text).isEmpty else {
                odd += 1
                continue
            }
            reviewed += 1
            let plain = PlainReading(text)
            for properties in PlainReading.samples {
                guard plain.value(properties) != constraint.isSatisfied(by: properties) else { continue }
                Issue.record("'\(text)' for \(properties.map(\.name))")
            }
        }
        #expect(reviewed > 1_000 && odd > 1_000)
    }
}
