import Testing
import UpgradeModel

@Suite struct ConstraintVectorTests {
    struct Satisfaction: Decodable {
        let id: String
        let constraints: [String]
        let properties: [VectorProperty]
        let expect: String
        let validateAccepts: Bool?
    }

    struct Validation: Decodable {
        let id: String
        let constraints: [String]
        let expect: String
    }

    @Test func satisfied() throws {
        let cases = try VectorFile.cases("constraints", kind: "constraint_satisfied", as: Satisfaction.self)
        #expect(cases.count == 195)
        for vector in cases {
            #expect(outcome(vector.constraints, vector.properties.map(\.property)) == vector.expect, "\(vector.id) \(vector.constraints)")
            if let accepts = vector.validateAccepts {
                #expect(isAccepted(vector.constraints) == accepts, "\(vector.id) \(vector.constraints)")
            }
        }
    }

    @Test func validated() throws {
        let cases = try VectorFile.cases("constraints", kind: "constraint_validate", as: Validation.self)
        #expect(cases.count == 8)
        for vector in cases {
            #expect(isAccepted(vector.constraints) == (vector.expect == "valid"), "\(vector.id) \(vector.constraints)")
        }
    }

    private func outcome(_ texts: [String], _ properties: [Property]) -> String {
        do throws(ConstraintError) {
            let constraints = try texts.map { text throws(ConstraintError) in try Constraint(parsing: text) }
            return constraints.allSatisfy { $0.isSatisfied(by: properties) } ? "satisfied" : "not_satisfied"
        } catch {
            return "invalid"
        }
    }

    private func isAccepted(_ texts: [String]) -> Bool {
        texts.allSatisfy { text in
            do throws(ConstraintError) {
                try Constraint.checkSyntax(text)
                return true
            } catch {
                return false
            }
        }
    }
}
