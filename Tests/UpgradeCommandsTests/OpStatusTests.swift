import Foundation
import Testing

@testable import UpgradeCommands

@Suite struct OpStatusTests {
    private let address = "http://localhost/opstatus"

    private func record(_ number: Int, details: String = "done") -> String {
        #"{"_id":"r\#(number)","activity":"plan","context":{"queue_tag":"o/p"},"details":"\#(details)","expire_at":null,"#
            + #""stats":{"time":1.5},"status":"ok","time":1555935485.2697,"type":"completed"}"#
    }

    private func page(_ numbers: [Int], below: Int? = nil) -> String {
        #"{"opstatus":[\#(numbers.map { record($0) }.joined(separator: ","))]\#(below.map { #","below":\#($0)"# } ?? "")}"#
    }

    @Test func `records are a table for people, and nobody's text acts on the terminal`() {
        let body = #"{"opstatus":[\#(record(1, details: #"no\u001b[31m route\nnode held"#))]}"#
        let outcome = uplift("opstatus", "list", replies: ["GET \(address)?last=20": [.answer(200, body)]])
        #expect(
            outcome.output == """
                TIME                      ACTIVITY  TYPE       STATUS  SECONDS  POLICY  ID  DETAILS
                2019-04-22T12:18:05.269Z  plan      completed  ok      1.500    o/p     r1  no\\u{1b}[31m route\\u{a}node held

                """)
        #expect(outcome.code == 0)
    }

    @Test func `filters go to the agent, and its complaint is a mistake of the caller`() {
        let line = "GET \(address)?last=5&activity=plan&status=error&type=exception&policy=o%2Fp&since=a%26b&until=c"
        let outcome = uplift(
            "opstatus", "list", "--last", "5", "--activity", "plan", "--status", "error", "--type", "exception", "--policy", "o/p",
            "--since", "a&b", "--until", "c", replies: [line: [.answer(400, #"{"error":"since is 'a&b', expected a time"}"#)]])
        #expect(outcome.code == 1 && outcome.errors.contains("since is 'a&b', expected a time"))
    }

    @Test func `with a node named the Exchange is asked, and nodes have a column`() {
        let line = "GET http://hub/v1/admin/opstatus?last=20&status=error&node=o%2Fn"
        let body = #"{"opstatus":[\#(record(1).replacing(#""queue_tag""#, with: #""node_uuid":"o/n","queue_tag""#))]}"#
        let arguments = ["opstatus", "list", "--status", "error", "--node", "o/n", "-u", "o/boss:pw"]
        let outcome = uplift(arguments, replies: [line: [.answer(200, body)]])
        #expect(outcome.output.hasPrefix("NODE  TIME") && outcome.output.contains("\no/n   2019-04-22T12:18:05.269Z"), "\(outcome)")
        let other = uplift(arguments, replies: [line: [.answer(404, "")]])
        #expect(other.code != 0 && other.errors.contains("only uplift-exchange"), "\(other)")
        let words = #"{"code":"invalid-input","msg":"'status' is odd"}"#
        let mistake = uplift(arguments, replies: [line: [.answer(400, words)]])
        #expect(mistake.code == 1 && mistake.errors.contains("'status' is odd"), "\(mistake)")
    }

    @Test func `more than a page is fetched page by page`() throws {
        let replies: [String: [FakeHTTP.Reply]] = [
            "GET \(address)?last=500": [.answer(200, page(Array(1...500), below: 77))],
            "GET \(address)?last=100&below=77": [.answer(200, page([501]))],
        ]
        let outcome = uplift("opstatus", "export", "--last", "600", replies: replies)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == 501)
        let last = try JSONSerialization.jsonObject(with: Data(try #require(lines.last).utf8)) as? [String: Any]
        #expect(last?["_id"] as? String == "r501")
    }

    @Test func `an export to a terminal shows nobody's control characters and says the same`() throws {
        let body = #"{"opstatus":[\#(record(1, details: #"a\u009b31m\u202eb\u{00e9}\ud83d\ude00"#.replacing("\\u{00e9}", with: "é")))]}"#
        let outcome = uplift("opstatus", "export", replies: ["GET \(address)?last=500": [.answer(200, body)]])
        #expect(outcome.output.contains(#"a\u009b31m\u202ebé😀"#), "\(outcome.output)")
        let line = try #require(outcome.output.split(separator: "\n").first)
        let said = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        #expect(said?["details"] as? String == "a\u{9b}31m\u{202e}bé😀")
    }

    @Test func `a dump makes a new file and never writes over one`() throws {
        let file = NSTemporaryDirectory() + "dump-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let replies: [String: [FakeHTTP.Reply]] = ["GET \(address)?last=500": [.answer(200, page([1, 2]))]]
        let outcome = uplift("opstatus", "dump", file, replies: replies)
        #expect(outcome.code == 0 && outcome.errors == "Note: 2 records are in \(file).\n")
        #expect(try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").count == 2)
        #expect(uplift("opstatus", "dump", file, replies: replies).code == 4)
    }

    @Test func `one record, or none of that name`() {
        let found = uplift("opstatus", "show", "r/1", replies: ["GET \(address)/r%2F1": [.answer(200, record(1))]])
        #expect(found.output.contains(#""_id": "r1""#) && found.code == 0)
        let missing = uplift("opstatus", "show", "x", replies: ["GET \(address)/x": [.answer(404, "{}")]])
        #expect(missing.code == 8 && missing.errors.contains("no operation record 'x'"))
    }

    @Test func `the newest of each activity, and none at all`() {
        let latest = uplift("opstatus", "list", "--latest", "--json", replies: ["GET \(address)/latest": [.answer(200, page([3]))]])
        #expect(latest.output.hasPrefix("[") && latest.output.contains(#""_id": "r3""#))
        let none = uplift("opstatus", replies: ["GET \(address)?last=20": [.answer(200, page([]))]])
        #expect(none.output == "" && none.errors == "Note: There are no such records.\n" && none.code == 0)
        #expect(uplift("opstatus", "list", "--last", "0", replies: [:]).code == 1)
    }

    @Test func `a purge says what went`() {
        let outcome = uplift("opstatus", "purge", replies: ["POST \(address)/purge": [.answer(200, #"{"removed":1}"#)]])
        #expect(outcome.output == "Removed 1 record.\n")
    }
}
