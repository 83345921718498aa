import FoundationEssentials
import Glibc
import Testing
import UpgradeCore
import UpgradeModel
import UpgradeWire

@testable import UpgradeCommands

/// Texts and documents that are large or deep on purpose: a limit refuses them, and what is read takes time in proportion to its length.
@Suite(.serialized) struct HostileSizeTests {
    private func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    @Test func aMebibyteIsRefusedByTheLimitWhereverItStands() throws {
        let text = "a == " + repeated("b", 1 << 20)
        let error = try #require(throws: ConstraintError.self) { try Constraint(parsing: text) }
        #expect(error.kind == .textTooLong)
        #expect(error.explanation.contains("at most \(Constraint.lengthMax) bytes, found \(text.utf8.count)"))
        #expect(throws: error) { try Constraint.checkSyntax(text) }
        #expect(throws: error) { try ConstraintReview.quirks(in: text) }

        let policy = NodeManagementPolicy(id: PolicyID(org: "o", name: "p"), constraints: [text])
        let verdict = MatchRule.verdict(policy: policy, node: NodePolicy.Part(), nodePattern: "")
        #expect(verdict == .doesNotMatch([.policyConstraintUnreadable(error)]))
    }

    @Test(arguments: ["(", " ( ", "(a == b && ("])
    func parenthesesAreRefusedByTheLimit(_ piece: String) {
        let error = #expect(throws: ConstraintError.self) {
            try Constraint(parsing: repeated(piece, Constraint.lengthMax / piece.utf8.count))
        }
        #expect(error?.kind == .nestedTooDeep || error?.kind == .parenthesesUnmatched)
        let balanced = repeated("(", 20_000) + "a == b" + repeated(")", 20_000)
        let tooDeep = #expect(throws: ConstraintError.self) { try Constraint(parsing: balanced) }
        #expect(tooDeep?.kind == .nestedTooDeep)
        #expect(tooDeep?.explanation.contains("at most \(Constraint.depthMax) nested parentheses") == true)
    }

    /// In a process of its own: what a limit does not end, the stack does.
    @Test(arguments: ["[", "{\"a\":", "[{\"a\":"])
    func deepDocumentsAreRefused(_ piece: String) async {
        await #expect(processExitsWith: .success) { [piece = piece as String] in
            for prefix in ["", "{\"properties\":[{\"name\":\"a\",\"value\":", "{\"softwareUpgrade\":"] {
                let bytes = Array((prefix + String(repeating: piece, count: 100_000)).utf8)
                #expect(throws: DecodingError.self) { try JSONDecoder().decode(NodeManagementPolicyDocument.self, from: Data(bytes)) }
                #expect(throws: DecodingError.self) { try JSONDecoder().decode(ManifestDocument.self, from: Data(bytes)) }
                #expect(throws: DecodingError.self) { try JSONDecoder().decode(JSONValue.self, from: Data(bytes)) }
                #expect(JSONSyntax.fault(in: bytes)?.message == "nested too deep")
            }
        }
    }

    @Test(arguments: [
        "a == b && ", "(a == b)  ||  ", "a in \"1, 2\" OR ", "              ", "()", "in", "inin == \"", "a == \"b", "1.1.1", "\u{A0}",
        "\t\n",
        "a in [1.0.0,", "=<", "!", "a, ", "ア",
    ])
    func constraintsTakeTimeInProportion(_ piece: String) throws {
        try expectLinear(piece, longest: Constraint.lengthMax) { text in
            _ = try? ConstraintReview.quirks(in: text)
            _ = (try? Constraint(parsing: text)).map { $0.isSatisfied(by: ConstraintFuzz.nodes[2]) }
            // As an operand, too: quoted texts are lists.
            _ = (try? Constraint(parsing: "l in \"\(text.dropLast(8))\"")).map { $0.isSatisfied(by: ConstraintFuzz.nodes[2]) }
        }
    }

    @Test(arguments: ["1", "1.", "1.0.0,", "1.0.0-a.", "-", "[1.0.0,", ",", "\u{301}"])
    func rangesTakeTimeInProportion(_ piece: String) throws {
        try expectLinear(piece, longest: 1 << 16) { text in
            for text in [text, "[" + text + "]", "[1.0.0-" + text + ",2.0.0)"] {
                _ = VersionExpression(text)
                _ = VersionRange.resemblesRange(text)
                _ = Version.isPropertyVersion(text)
                if let range = VersionRange(text) { _ = range.contains(range.lower) }
            }
        }
    }

    @Test(arguments: [
        "\"a == b\",", "\"\\\\\",", "{},", "[],", "1e9,", "null,", "{\"name\":\"a\",\"value\":1},", "\\u0041", "{\"a\":", "[",
        "\"k\":1,\"k\":2,",
    ])
    func documentsTakeTimeInProportion(_ piece: String) throws {
        try expectLinear(piece, longest: 1 << 18) { text in
            for text in ["{\"constraints\":[\(text)\"\"]}", "{\"properties\":[\(text){}]}", "{\(text)\"files\":[\"\(text)\"]}"] {
                let bytes = Array(text.utf8)
                _ = JSONSyntax.fault(in: bytes)
                _ = try? JSONDecoder().decode(NodeManagementPolicyDocument.self, from: Data(bytes))
                _ = try? JSONDecoder().decode(ManifestDocument.self, from: Data(bytes))
            }
        }
    }

    /// Eight times the length takes about eight times as long; a quadratic reader would need 64 times. Counted is what this thread works: others
    /// have the processor, too.
    private func expectLinear(_ piece: String, longest: Int, _ read: (String) -> Void) throws {
        func time(_ length: Int) -> Duration {
            let text = repeated(piece, length / piece.utf8.count)
            let times = (0..<5).map { _ in
                let begin = threadTime()
                read(text)
                return threadTime() - begin
            }
            return times.min() ?? .zero
        }
        let (short, long) = (time(longest / 8), time(longest))
        #expect(long < short * 24 + .milliseconds(20), "\(piece): \(short) for an eighth, \(long) for all")
    }

    private func threadTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
