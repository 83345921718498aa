import Testing
import UpgradePorts

@Suite struct FleetTests {
    private let path = "GET http://hub/v1/admin/fleet/report"

    private func changes(_ number: Int) -> String { path + "?nodes=false&after=\(number)" }

    private func report(since: String = "s", ok: Int = 1, nodes: String? = nil, changes: String = "") -> FakeHTTP.Reply {
        let nodes = nodes.map { #""nodes":[\#($0)],"# } ?? ""
        return .answer(
            200,
            #"""
            {"made":"m","watchingSince":"\#(since)","look":{"number":7,"began":"2027-01-15T08:00:00.000Z","took":0.25,"nodes":\#(ok + 2)},
            "counts":{"ok":\#(ok),"late":1,"stalled":0,"unreachable":1,"never seen":0},\#(nodes)"changes":[\#(changes)]}
            """#)
    }

    private let nodes = #"""
        {"node":"o/a","state":"ok","reason":"heard 3 s ago","lastHeartbeat":"t","age":3,"percentile":33,"softwareVersion":"2.0","jobs":[]},
        {"node":"o/b","state":"late","reason":"r\u001b[2J","lastHeartbeat":"t","age":160,"percentile":66,
        "jobs":[{"policy":"o/p","status":"initiated","since":"t"},{"policy":"o/q","status":"downloaded","since":"t"}]},
        {"node":"o/c\u202e","state":"never seen","reason":"no heartbeat ever came","jobs":[]}
        """#

    @Test func `the report shows who is not well, and how many are in each state`() {
        let outcome = uplift("fleet", "report", replies: [path: [report(nodes: nodes)]])
        #expect(
            outcome.output == """
                NODE         STATE       AGE    PERCENTILE  VERSION  JOBS                             REASON
                o/b          late        160 s  66          -        o/p: initiated, o/q: downloaded  r\\u{1b}[2J
                o/c\\u{202e}  never seen  -      -           -        -                                no heartbeat ever came
                3 nodes at 2027-01-15T08:00:00.000Z: 1 ok, 1 late, 1 unreachable

                """)
        #expect(outcome.code == 0 && outcome.calls.map(\.user) == ["o/u:secret-pw"])
        let all = uplift("fleet", "report", "--all", replies: [path: [report(nodes: nodes)]])
        #expect(all.output.contains("\no/a") && all.output.contains("heard 3 s ago"))
        let none = uplift("fleet", "report", replies: [path: [report(nodes: "")]])
        #expect(none.output == "3 nodes at 2027-01-15T08:00:00.000Z: 1 ok, 1 late, 1 unreachable\n")
    }

    @Test func `as JSON it is what the exchange says, and nothing acts on the terminal`() {
        let outcome = uplift("fleet", "report", "--json", replies: [path: [report(nodes: nodes)]])
        #expect(outcome.code == 0)
        for part in [#""state": "late""#, #""percentile": 66"#, #""reason": "r\u001B[2J""#, #""took": 0.25"#] {
            #expect(outcome.output.uppercased().contains(part.uppercased()), "\(part)")
        }
        #expect(!outcome.output.contains("\u{1b}") && !outcome.output.contains("\u{202e}"))
    }

    @Test func `the page needs no network, and no name changes it`() throws {
        let scratch = try Scratch()
        let hostile = #"{"node":"o/<script>alert(1)</script>","state":"late\"'>","reason":"&\u0007\u202e","age":9,"jobs":[]}"#
        let change = #"{"number":1,"node":"o/<b>","from":"ok","to":"<i>","at":"t0","reason":"</table>"}"#
        let file = scratch.path + "/page.html"
        let outcome = uplift(
            "fleet", "report", "--html", file, replies: [path: [report(nodes: nodes + "," + hostile, changes: change)]])
        #expect(outcome.code == 0 && outcome.output.hasPrefix("NODE"))
        let page = try #require(scratch.read("page.html"))
        for part in ["&lt;script&gt;alert(1)", "o/&lt;b&gt;", "&lt;/table&gt;", "&amp;", "<svg", "1 unreachable", "</html>"] {
            #expect(page.contains(part), "\(part)")
        }
        for part in ["<script", "o/<b>", "<i>", "http", "src=", "\u{7}", "\u{202e}", "'>"] { #expect(!page.contains(part), "\(part)") }
        #expect(uplift("fleet", "report", "--html", "/nowhere/x", replies: [path: [report(nodes: nodes)]]).code == 4)
    }

    @Test func `an exchange without a watch is told, and refusals are those of HTTP`() {
        let none = uplift("fleet", "report", replies: [path: [.answer(404, "{}")]])
        #expect(none.code == 8 && none.errors.contains("only uplift-exchange has a report on the fleet"))
        #expect(uplift("fleet", "report", replies: [path: [.answer(403, "{}")]]).code == 5)
        #expect(uplift("fleet", "report", replies: [path: [.failure(.connect)]]).code == 5)
        #expect(uplift("fleet", "watch", replies: [changes(0): [.answer(401, "{}")]]).code == 5)
        #expect(uplift("fleet", "watch", "--every", "0").code == 1)
    }

    @Test func `the watch tells each change once, and sits out an exchange that is away`() {
        let first = #"{"number":4,"node":"o/x","from":"ok","to":"late","at":"t0","reason":"old"}"#
        let second = #"{"number":5,"node":"o/b","from":"ok","to":"late","at":"t1","reason":"r\u001b"}"#
        let third = #"{"number":9,"node":"o/c","from":"late","at":"t2","reason":"gone"}"#
        let replies: [String: [FakeHTTP.Reply]] = [
            changes(0): [report(changes: first)],
            changes(4): [report(changes: second), .answer(599, "")],
            changes(5): [.answer(503, "busy"), .failure(.connect), report(ok: 2, changes: third), report(ok: 2)],
            changes(9): [report(ok: 2)],
        ]
        let outcome = uplift(["fleet", "watch"], replies: replies, pauses: 5)
        #expect(
            outcome.output == """
                3 nodes at 2027-01-15T08:00:00.000Z: 1 ok, 1 late, 1 unreachable
                t1  o/b  ok -> late  r\\u{1b}
                t2  o/c  late -> not registered  gone
                4 nodes at 2027-01-15T08:00:00.000Z: 2 ok, 1 late, 1 unreachable

                """)
        #expect(outcome.errors.split(separator: "Note: ").count == 1 && outcome.errors.contains("503"))
        #expect(outcome.code == 0)
        #expect(outcome.lines == [changes(0), changes(4), changes(5), changes(5), changes(5), changes(9)])
    }

    @Test func `a watch ends when it is refused, and goes on with an exchange that was started anew`() {
        let known = #"{"number":4,"node":"o/x","from":"ok","to":"late","at":"t0","reason":"old"}"#
        let fresh = #"{"number":5,"node":"o/y","from":"ok","to":"late","at":"t9","reason":"new"}"#
        var replies: [String: [FakeHTTP.Reply]] = [
            changes(0): [report(changes: known), .failure(.connect), report(since: "later", changes: known + "," + fresh)],
            changes(4): [report(since: "later", changes: fresh)], changes(5): [report(since: "later")],
        ]
        let outcome = uplift(["fleet", "watch"], replies: replies, pauses: 3)
        #expect(outcome.output.hasSuffix("1 unreachable\nt9  o/y  ok -> late  new\n"), "each change once")
        #expect(outcome.errors.contains("started anew at later"))
        #expect(outcome.lines == [changes(0), changes(4), changes(0), changes(4), changes(0), changes(5)])
        let old = #"{"number":2,"node":"o/x","from":"ok","to":"late","at":"t0","reason":"old"}"#
        replies[changes(0)] = [report(changes: known), report(since: "later", changes: old)]
        replies[changes(2)] = [report(since: "later", changes: fresh)]
        #expect(uplift(["fleet", "watch"], replies: replies, pauses: 2).lines.last == changes(2), "restored from a backup")
        replies[changes(4)] = [.answer(403, #"{"code":"access-denied","msg":"no"}"#)]
        #expect(uplift(["fleet", "watch"], replies: replies, pauses: 2).code == 5)
    }
}
