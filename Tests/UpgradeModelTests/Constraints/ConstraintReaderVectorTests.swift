import Testing

@testable import UpgradeModel

/// The pieces that the real reader finds at the beginning of a text, and what it leaves.
@Suite struct ConstraintReaderVectorTests {
    struct NextExpression: Decodable {
        let id: String
        let text: String
        let rest: String
        let parts: [String]
    }

    struct NextOperator: Decodable {
        let id: String
        let text: String
        let rest: String
        let `operator`: String
    }

    private func rest(_ reader: ConstraintReader) -> String {
        String(reader.text.unicodeScalars.dropFirst(reader.position))
    }

    @Test func comparisons() throws {
        let cases = try VectorFile.cases("constraints", kind: "next_expression", as: NextExpression.self)
        #expect(cases.count == 13)
        for vector in cases {
            var reader = ConstraintReader(vector.text)
            let comparison = try #require(try reader.nextComparison())
            #expect(comparison.name == vector.parts[0], "\(vector.id)")
            #expect(comparison.sign == ConstraintComparison.Operator(vector.parts[1]), "\(vector.id)")
            #expect(comparison.operand == vector.parts[2], "\(vector.id)")
            #expect(rest(reader) == vector.rest, "\(vector.id)")
        }
    }

    @Test func joiners() throws {
        let cases = try VectorFile.cases("constraints", kind: "next_operator", as: NextOperator.self)
        #expect(cases.count == 10)
        for vector in cases {
            var reader = ConstraintReader(vector.text)
            let joiner = try reader.nextJoiner()
            #expect(joiner == (["AND", "&&"].contains(vector.operator) ? .and : .or), "\(vector.id)")
            #expect(rest(reader) == vector.rest, "\(vector.id)")
        }
    }
}
