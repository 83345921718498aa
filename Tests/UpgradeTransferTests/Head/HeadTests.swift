import Testing

@testable import UpgradeTransfer

@Suite struct HeadTests {
    @Test(
        arguments: [
            ("bytes 0-0/1", 0, 0, 1), ("bytes 5-9/10", 5, 9, 10), ("Bytes 5-9/*", 5, 9, nil),
            ("bytes 0-9223372036854775806/*", 0, .max - 1, nil),
        ] as [(String, Int64, Int64, Int64?)])
    func readsContentRange(_ text: String, _ first: Int64, _ last: Int64, _ whole: Int64?) {
        let range = ContentRange(text)
        #expect(range?.first == first)
        #expect(range?.last == last)
        #expect(range?.whole == whole)
    }

    @Test(arguments: [
        "", "bytes", "bytes 5-4/10", "bytes 5-10/10", "bytes */10", "bytes -5/10", "bytes 5-/10", "items 5-9/10", "bytes 5-9",
        "bytes 5-9/10/11",
        "bytes +5-9/10", "bytes 5-9/99999999999999999999", "bytes  5-9/10",
    ])
    func refusesContentRange(_ text: String) { #expect(ContentRange(text) == nil) }

    @Test(
        arguments: [
            ("0", 0), ("120", 120), ("99999999999", 2_592_000), ("Wed, 21 Oct 2015 07:28:30 GMT", 30), ("Wed, 21 Oct 2015 07:27:00 GMT", 0),
            ("Wednesday, 21-Oct-15 07:28:10 GMT", 10), ("Sat, 01 Jan 2050 00:00:00 GMT", 2_592_000),
        ] as [(String, Int64)])
    func readsRetryAfter(_ value: String, _ seconds: Int64) {
        let date = "Wed, 21 Oct 2015 07:28:00 GMT"
        #expect(RetryAfter.duration(value, serverDate: date, now: 0) == .seconds(seconds))
        #expect(RetryAfter.duration(value, serverDate: nil, now: 1_445_412_480) == .seconds(seconds))
    }

    @Test(arguments: ["", "soon", "-5", "1.5", "99999999999999999999999"])
    func refusesRetryAfter(_ value: String) { #expect(RetryAfter.duration(value, serverDate: nil, now: 0) == nil) }

    func head(_ lines: [String]) -> ResponseHead {
        var head = ResponseHead()
        for line in lines { Array((line + "\r\n").utf8).withUnsafeBytes { _ = head.take($0) } }
        return head
    }

    @Test func interimAnswersAndTrailersDoNotCount() {
        let answer = head([
            "HTTP/1.1 103 Early Hints", "ETag: \"early\"", "", "HTTP/1.1 206 Partial Content", "ETag:  \"a\" ", "X: 1", "x: 2", "",
            "HTTP/1.1 500 Trailer", "ETag: \"late\"",
        ])
        #expect(answer.status == 206)
        #expect(answer.isComplete)
        #expect(answer.header("etag") == "\"a\"")
        #expect(answer.header("x") == "2")
    }

    @Test func incompleteWithoutTheEmptyLine() {
        #expect(!head(["HTTP/1.1 200 OK", "A: b"]).isComplete)
        #expect(!head(["HTTP/1.1 100 Continue", ""]).isComplete)
        #expect(!head(["HTTP/1.1 2x0 OK", ""]).isComplete)
    }

    @Test func endlessHeadIsRefused() {
        var head = ResponseHead()
        let line = [UInt8](repeating: 0x61, count: 1024)
        let taken = line.withUnsafeBytes { bytes in (0..<300).allSatisfy { _ in head.take(bytes) } }
        #expect(!taken)
    }

    @Test func foreignTextIsCleaned() {
        #expect(PlainText.clean("a\u{1B}[31m\r\n\tb \u{202E}c\u{0}".utf8, charactersMax: 300) == "a [31m b c")
        #expect(PlainText.clean([0xFF, 0x41], charactersMax: 300) == "\u{FFFD}A")
        #expect(PlainText.clean(String(repeating: "é", count: 400).utf8, charactersMax: 300).count == 300)
        #expect(PlainText.clean([], charactersMax: 300).isEmpty)
    }
}
