import Foundation
import Testing
import UpgradeModel
import UpgradeWire

/// Foundation has a class of this name.
private typealias Operation = UpgradeModel.Operation

/// Records of operation status on the wire. Source: seed `nmis-opstatus.txt`.
@Suite struct OperationDocumentTests {
    /// The record that the seed shows.
    private static let example = #"""
        {"_id":"5cbdb0fd2b1813502c414c52",
        "time":1555935485.269778,
        "stats":
            {"time":0.1784820556640625},
        "context":
            {"queue_tag":null,
             "worker_process":20524,
             "queue_id":"5cbdb0fd2b1813500c414988"},
        "type":"completed",
        "expire_at":"2019-06-21T12:18:05.269Z",
        "details":"completed successfully, backup saved as /usr/local/nmis9/backups/nmis-config-backup-2019-04-22-2218.tar.gz",
        "status":"ok",
        "activity":"configbackup"}
        """#

    private func object(_ text: some DataProtocol) throws -> NSDictionary {
        try #require(try JSONSerialization.jsonObject(with: Data(text)) as? NSDictionary)
    }

    @Test func `the record of the seed comes back as it was`() throws {
        let document = try JSONDecoder().decode(OperationDocument.self, from: Data(Self.example.utf8))
        #expect(document.id == "5cbdb0fd2b1813502c414c52" && document.activity == "configbackup" && document.type == "completed")
        #expect(document.time == 1_555_935_485.269778 && document.stats.time == 0.1784820556640625)
        #expect(document.context.worker_process == 20524 && document.context.queue_tag == nil)
        let written = try #require(try object(JSONEncoder().encode(document)).mutableCopy() as? NSMutableDictionary)
        let context = try #require((written["context"] as? NSDictionary)?.mutableCopy() as? NSMutableDictionary)
        // The seed's schema has these, its example leaves them out.
        for key in ["node_uuid", "worker_progress"] { #expect(context[key] is NSNull) }
        context.removeObjects(forKeys: ["node_uuid", "worker_progress"])
        written["context"] = context
        #expect(written == (try object(Data(Self.example.utf8))))
    }

    @Test func `a record of ours has every field of the schema`() throws {
        let begun = UTCInstant(secondsSinceEpoch: 1_555_935_485, nanoseconds: 91_296_000)
        var operation = Operation(
            id: "a", .download, policy: PolicyID(org: "acme", name: "p"), ticket: Ticket(high: 1, low: 2), begun: begun,
            at: begun.adding(.milliseconds(178)), .exception, "no route")
        (operation.process, operation.progress) = (7, "3 of 5 files")
        operation.expires = OperationLimits().expiry(of: operation, at: operation.at)
        let written = try object(JSONEncoder().encode(OperationDocument(operation, node: "acme/n1")))
        let expected: NSDictionary = [
            "_id": "a", "activity": "download", "details": "no route", "expire_at": "2019-06-21T12:18:05.269Z", "status": "error",
            "type": "exception", "time": 1_555_935_485.269296, "stats": ["time": 0.178],
            "context": [
                "node_uuid": "acme/n1", "queue_id": Ticket(high: 1, low: 2).text, "queue_tag": "acme/p", "worker_process": 7,
                "worker_progress": "3 of 5 files",
            ],
        ]
        #expect(written == expected)
    }

    @Test(arguments: UpgradeModel.Operation.Stage.allCases) func `only what has ended went well or badly`(
        _ stage: UpgradeModel.Operation.Stage
    ) {
        let operation = Operation(id: "a", .poll, begun: UTCInstant(secondsSinceEpoch: 0), stage)
        let expected: [Operation.Stage: String] = [.completed: "ok", .stopped: "ok", .exception: "error"]
        #expect(OperationDocument(operation, node: nil).status == expected[stage])
    }

    @Test func `a clock that was set back takes no negative time`() {
        let begun = UTCInstant(secondsSinceEpoch: 100)
        let operation = Operation(id: "a", .poll, begun: begun, at: begun.adding(.seconds(-5)), .completed)
        #expect(OperationDocument(operation, node: nil).stats.time == 0)
    }

    @Test func `ages of activities`() {
        #expect(OperationLimits.ages("") == [:])
        #expect(OperationLimits.ages("poll=60, report=7") == [.poll: .seconds(60), .report: .seconds(7)])
        for text in ["poll", "poll=", "poll=-1", "poll=0", "poll=1=2", "walk=5", "poll=1,poll=2", "=5"] {
            #expect(OperationLimits.ages(text) == nil, "\(text)")
        }
        var limits = OperationLimits()
        limits.maxAges = [.poll: .seconds(60)]
        let moment = UTCInstant(secondsSinceEpoch: 100)
        #expect(limits.expiry(of: Operation(id: "", .poll, begun: moment, .completed), at: moment) == UTCInstant(secondsSinceEpoch: 160))
        #expect(
            limits.expiry(of: Operation(id: "", .plan, begun: moment, .completed), at: .distantPast)
                == UTCInstant(secondsSinceEpoch: 5_184_100))
        // What happened while a clock was wrong.
        let now = UTCInstant(secondsSinceEpoch: 1_000)
        #expect(limits.expiry(of: Operation(id: "", .poll, begun: moment, .completed), at: now) == UTCInstant(secondsSinceEpoch: 1_060))
    }

    @Test(arguments: ["x", "é", "e\u{301}", "😀"])
    func `a sentence is cut to its bytes, whatever it is made of`(letter: String) {
        let moment = UTCInstant(secondsSinceEpoch: 100)
        let short = Operation(id: "", .poll, begun: moment, .completed, String(repeating: letter, count: 100))
        #expect(short.details == String(repeating: letter, count: 100))
        var long = Operation(id: "", .poll, begun: moment, .completed, String(repeating: letter, count: 1_001))
        #expect((990...1_000).contains(long.details.utf8.count) && long.details.hasSuffix("…"))
        long.details = "e" + String(repeating: "\u{301}", count: 5_000)
        #expect((990...1_000).contains(long.details.utf8.count))
    }
}
