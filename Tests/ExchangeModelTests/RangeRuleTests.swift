import ExchangeModel
import Testing

@Suite struct RangeRuleTests {
    @Test(
        arguments: [
            (nil, 10, .whole), ("bytes=0-9", 10, .whole), ("bytes=0-100", 10, .whole), ("bytes=0-", 10, .whole), ("bytes=0-0", 1, .whole),
            ("bytes=1-9", 10, .part(first: 1, last: 9)), ("bytes=9-30", 20, .whole), ("bytes=15-30", 20, .part(first: 15, last: 19)),
            ("Bytes=0-3", 10, .part(first: 0, last: 3)), ("bytes=10-10", 10, .beyondEnd), ("bytes=11-12", 10, .beyondEnd),
            ("bytes=10-", 10, .beyondEnd), ("bytes=-4", 10, .part(first: 6, last: 9)), ("bytes=-40", 10, .whole),
            ("bytes=-0", 10, .beyondEnd),
            ("items=0-3", 10, .whole), ("bytes=0-1,2-3", 10, .whole), ("bytes=0-0", 0, .whole), ("bytes=5-", 0, .beyondEnd),
            ("bytes=2-99999999999999999999", 10, .whole), ("bytes=0-99999999999999999999", 10, .whole),
            ("bytes=99999999999999999999-", 10, .beyondEnd), ("bytes=-99999999999999999999", 10, .whole),
            ("bytes=0-9223372036854775807", 10, .whole), ("bytes=9223372036854775807-9223372036854775807", 10, .beyondEnd),
        ] as [(String?, Int64, RangeRule.Answer)])
    func answers(range: String?, size: Int64, answer: RangeRule.Answer) {
        #expect(RangeRule.answer(range: range, size: size) == answer)
    }

    @Test(arguments: ["bytes=", "bytes=-", "bytes=a-b", "bytes=5", "bytes=5-4", "bytes=1-2-3", "bytes= 1-2"])
    func malformed(range: String) {
        guard case .malformed = RangeRule.answer(range: range, size: 10) else {
            Issue.record("\(range) was taken")
            return
        }
    }
}
