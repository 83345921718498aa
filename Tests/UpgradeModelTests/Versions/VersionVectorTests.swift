import Testing
import UpgradeModel

@Suite struct VersionVectorTests {
    struct Check: Decodable {
        let id: String
        let version: String
        let expect: Bool
    }

    struct Expression: Decodable {
        let id: String
        let expression: String
        let expect: Bool
    }

    struct Parsing: Decodable {
        let id: String
        let expression: String
        let expect: String
        let normalized: String?
    }

    /// `expect` is a truth or an order when the real agent answered, and the word `error` when it did not.
    struct Answer<Value: Decodable & Equatable & Sendable>: Decodable {
        let value: Value?

        init(from decoder: any Decoder) throws {
            value = try? Value(from: decoder)
            if value == nil { _ = try String(from: decoder) }
        }
    }

    struct Comparison: Decodable {
        let id: String
        let a: String
        let b: String
        let expect: Answer<Int>
    }

    struct Containment: Decodable {
        let id: String
        let range: String
        let version: String
        let expect: Answer<Bool>
    }

    @Test func versions() throws {
        let cases = try VectorFile.cases("semver", kind: "is_version", as: Check.self)
        #expect(cases.count == 22)
        for vector in cases { #expect((Version(vector.version) != nil) == vector.expect, "\(vector.id)") }
    }

    @Test func propertyVersions() throws {
        let cases = try VectorFile.cases("semver", kind: "is_property_version", as: Check.self)
        #expect(cases.count == 19)
        for vector in cases { #expect(Version.isPropertyVersion(vector.version) == vector.expect, "\(vector.id)") }
    }

    @Test func expressions() throws {
        let cases = try VectorFile.cases("semver", kind: "is_version_expression", as: Expression.self)
        #expect(cases.count == 28)
        for vector in cases { #expect(VersionRange.resemblesRange(vector.expression) == vector.expect, "\(vector.id)") }
    }

    @Test func ranges() throws {
        let cases = try VectorFile.cases("semver", kind: "parse_range", as: Parsing.self)
        #expect(cases.count == 51)
        for vector in cases {
            #expect(VersionRange(vector.expression)?.description == vector.normalized, "\(vector.id)")
            #expect((VersionRange(vector.expression) != nil) == (vector.expect == "ok"), "\(vector.id)")
        }
    }

    @Test func order() throws {
        let cases = try VectorFile.cases("semver", kind: "compare", as: Comparison.self)
        #expect(cases.count == 41)
        for vector in cases {
            var order: Int?
            if let a = Version(vector.a), let b = Version(vector.b) { order = a < b ? -1 : a == b ? 0 : 1 }
            #expect(order == vector.expect.value, "\(vector.id)")
        }
    }

    @Test func containment() throws {
        let cases = try VectorFile.cases("semver", kind: "in_range", as: Containment.self)
        #expect(cases.count == 54)
        for vector in cases {
            let range = try #require(VersionRange(vector.range))
            #expect(Version(vector.version).map(range.contains) == vector.expect.value, "\(vector.id)")
        }
    }

    @Test func quirksOfRanges() throws {
        #expect(try #require(VersionRange("(1.0.0,2.0.0]")).contains(#require(Version("01.0.0"))))
        #expect(try #require(VersionRange("[1.0.0,2.0.0)")).contains(#require(Version("2.0.0-rc1"))))
        #expect(try !#require(VersionRange("(1.0.0,2.0.0]")).contains(#require(Version("1"))))
        #expect(try #require(VersionRange("[2.0.0,1.0.0]")).contains(#require(Version("2"))))
        #expect(VersionRange("[") == nil)
        #expect(VersionRange.resemblesRange("11.0.0,2.0.0]"))
        #expect(!VersionRange.resemblesRange("1.0.0,2.0.0"))
    }

    @Test func wishes() {
        #expect(VersionExpression("latest") == .latest)
        #expect(VersionExpression("LATEST") == nil)
        #expect(VersionExpression("1.0") == Version("1.0").map { .exact($0) })
        #expect(VersionExpression("[1.0,2.0)") == VersionRange("[1.0,2.0)").map { .range($0) })
        #expect(VersionExpression("") == nil)
    }
}
