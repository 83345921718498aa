import FoundationEssentials
import Testing

@testable import UpgradeWire

@Suite("Plain JSON")
struct PlainJSONTests {
    @Test(
        "what is plain is read without the decoder, and as the decoder reads it",
        arguments: [
            #"{"formatVersion": 1, "name": "uplift", "health": {"command": ["bin/health", "--all"], "deadlineSeconds": 0.5}}"#,
            "{ }", "[]", "[ true , false,null ]", #""text""#, " 12 ", "0", "0.25", "10.50", #"{"a": null, "": [[], {}]}"#, "\t[1,\n2]\r\n",
        ])
    func plain(text: String) throws {
        let value = try #require(PlainJSON.value(of: Array(text.utf8)))
        #expect(try value == JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)))
    }

    @Test(
        "what is not plain is the decoder's, mistakes too",
        arguments: [
            "", "{", "[1", "[1,]", "{,}", #"{"a" 1}"#, #"{"a": 1,}"#, #"{"a": 1 "b": 2}"#, #"{"a": 1, "a": 2}"#, "[1 2]", "tru", "nulll",
            "01",
            "00.5", "1.", "1..2", ".5", "-1", "1e3", "12345678901234567", "\"", #""\u0041\n""#, "\"é\"", "\"\u{1}\"", "1 1", "'a'",
            "{a: 1}",
            String(repeating: "[", count: 20) + String(repeating: "]", count: 20), "\u{FEFF}1",
        ])
    func odd(text: String) {
        let bytes = Array(text.utf8)
        #expect(PlainJSON.value(of: bytes) == nil)
        #expect((try? JSONValue.read(bytes)) == (try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))))
    }
}
