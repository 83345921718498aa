import Testing
import UpgradeModel

@Suite struct PropertyTests {
    @Test(arguments: [
        (Property(name: "", value: .bool(true)), PropertyProblem.nameMissing),
        (Property(name: "p", value: .other), .valueMissing(name: "p")),
        (Property(name: "p", value: .bool(true), type: "bool"), .typeUnknown(name: "p", type: "bool")),
        (Property(name: "p", value: .bool(true), type: "int"), .typeMismatch(name: "p", found: "boolean", expected: "int")),
        (Property(name: "p", value: .number(1), type: "boolean"), .typeMismatch(name: "p", found: "number", expected: "boolean")),
        (Property(name: "p", value: .string("1"), type: "float"), .typeMismatch(name: "p", found: "string", expected: "float")),
        (Property(name: "p", value: .number(1.5), type: "int"), .notAWholeNumber(name: "p", value: 1.5)),
        (Property(name: "p", value: .number(1e300), type: "int"), .notAWholeNumber(name: "p", value: 1e300)),
        (Property(name: "p", value: .string("01.0"), type: "version"), .notAVersion(name: "p", value: "01.0")),
    ])
    func namesTheProblem(_ property: Property, _ problem: PropertyProblem) {
        #expect(property.problem == problem)
        #expect(!problem.explanation.isEmpty)
        #expect(!problem.remedy.isEmpty)
    }

    @Test func numbersOfEveryKindNeverStopTheCheck() {
        for number in [Double.nan, .infinity, -.infinity, 9.3e18, -9.223372036854775808e18, 0.1, -0.0] {
            let problem = Property(name: "p", value: .number(number), type: "int").problem
            #expect((problem == nil) == (number == -0.0 || number == -9.223372036854775808e18))
        }
    }
}

@Suite struct PolicyIDTests {
    @Test func readsBothParts() {
        #expect(PolicyID("org/name") == PolicyID(org: "org", name: "name"))
        #expect(PolicyID("org/a/b") == PolicyID(org: "org", name: "a/b"))
        for text in ["", "name", "/name", "org/", "/"] { #expect(PolicyID(text) == nil) }
        #expect(PolicyID("o/n")?.text == "o/n")
    }

    @Test func ordersByOrganizationFirst() {
        #expect(PolicyID(org: "a", name: "z") < PolicyID(org: "b", name: "a"))
        #expect(PolicyID(org: "a", name: "a") < PolicyID(org: "a", name: "b"))
    }
}
