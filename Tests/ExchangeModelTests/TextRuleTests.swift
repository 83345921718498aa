import ExchangeModel
import Testing

/// Names, filters and paths.
@Suite struct TextRuleTests {
    @Test(arguments: [
        ("label", "label", true), ("label", "labe", false), ("%", "", true), ("%", "anything", true), ("%p%l1", "o/pol1", true),
        ("%p%l1", "o/pol2", false), ("d%s%r%p%i%n2", "description2", true), ("d%n2", "description", false), ("a%", "a", true),
        ("%a", "ba", true), ("a%a", "a", false), ("%aba%", "xababa", true), ("%ab%b", "abab", true), ("", "", true), ("", "x", false),
        ("L%", "label", false), ("%é%", "café!", true),
    ])
    func wildcards(filter: String, text: String, matches: Bool) {
        #expect(WildcardRule.matches(text, filter: filter) == matches)
    }

    @Test(
        arguments: [
            ("/v1/orgs/o", ["v1", "orgs", "o"]), ("/v1/orgs/a%2Fb/x", ["v1", "orgs", "a/b", "x"]), ("/v1/", ["v1"]), ("/", []),
            ("/a//b", ["a", "", "b"]), ("/%c3%A9+x", ["é+x"]), ("/%", nil), ("/%4", nil), ("/%zz", nil), ("/%ff", nil),
        ] as [(String, [String]?)])
    func paths(path: String, segments: [String]?) {
        #expect(PathRule.segments(of: path[...]) == segments)
    }

    @Test(
        arguments: [
            ("", [:]), ("a=1&b=%25x", ["a": "1", "b": "%x"]), ("a=1&a=2", ["a": "1"]), ("flag", ["flag": ""]), ("a=x=y", ["a": "x=y"]),
            ("a=b+c", ["a": "b c"]), ("a=%zz", nil),
        ] as [(String, [String: String]?)])
    func queries(text: String, items: [String: String]?) {
        #expect(PathRule.query(of: text[...]) == items)
    }

    @Test(arguments: [
        ("horizon-agent-linux-deb-amd64.tar.gz", true), ("a!@#$^*-_.~Z9", true), ("..", true), ("", false), ("a b", false), ("a/b", false),
        ("a%b", false), ("é", false), ("a\0", false),
    ])
    func objectNames(name: String, isValid: Bool) {
        #expect(ObjectNameRule.isValid(name) == isValid)
    }
}
