import Foundation
import Testing
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// The journal on disk: full length from the start, torn records are not there, and newer releases read what older ones wrote.
@Suite struct JournalTests {
    private let tree = SimFileTree()
    private let clock = SimClock()
    private static let path = TreePath.known("journal")

    /// One of each step, as release 1.0 writes them: a newer release must read these very bytes.
    private static let golden: [(JournalRecord.Step, String)] = [
        (.begun(oldRelease: 3, newRelease: 4, format: 1), #"{"begun":{"format":1,"newRelease":4,"oldRelease":3}}"#),
        (.stopIntended, #"{"stopIntended":{}}"#), (.switchIntended, #"{"switchIntended":{}}"#), (.switched, #"{"switched":{}}"#),
        (.startIntended(attempt: 2), #"{"startIntended":{"attempt":2}}"#), (.ready, #"{"ready":{}}"#),
        (.commitIntended, #"{"commitIntended":{}}"#), (.committed, #"{"committed":{}}"#),
        (.rollbackIntended(cause: "a \"b\""), #"{"rollbackIntended":{"cause":"a \"b\""}}"#), (.rolledBack, #"{"rolledBack":{}}"#),
        (.rollbackFailed(cause: "c"), #"{"rollbackFailed":{"cause":"c"}}"#), (.refused(reason: "r"), #"{"refused":{"reason":"r"}}"#),
        (.cancelled, #"{"cancelled":{}}"#),
    ]

    @Test func `records look the same for ever`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        for (step, text) in Self.golden {
            let record = JournalRecord(number: 5, at: UTCInstant(secondsSinceEpoch: 1_767_225_600), step: step)
            let at = String(decoding: try encoder.encode(record.at), as: UTF8.self)
            let whole = #"{"at":\#(at),"number":5,"step":\#(text)}"#
            #expect(String(decoding: try encoder.encode(record), as: UTF8.self) == whole)
            #expect(try JSONDecoder().decode(JournalRecord.self, from: Data(whole.utf8)) == record)
        }
        #expect(
            String(decoding: try encoder.encode(UTCInstant(secondsSinceEpoch: 1_767_225_600)), as: UTF8.self)
                == #""2026-01-01T00:00:00.000000000Z""#)
    }

    @Test func `the bytes of a slot`() throws {
        var journal = try Journal.create(Self.path, in: tree, clock: clock)
        #expect(try tree.entry(Self.path)?.length == 65_536)
        try journal.write(.switched)
        let slot = try tree.open(Self.path, for: .reading).read(at: 0, max: 1024)
        #expect(Array(slot.prefix(4)) == Array("UPJ1".utf8))
        let length = Int(slot[4]) << 8 | Int(slot[5])
        let payload = try JSONDecoder().decode(JournalRecord.self, from: Data(slot[10..<(10 + length)]))
        #expect(payload == JournalRecord(number: 1, at: clock.now(), step: .switched))
        #expect(slot.dropFirst(10 + length).allSatisfy { $0 == 0 })
    }

    @Test func `what was written is read, by its writer and by others`() throws {
        var journal = try Journal.create(Self.path, in: tree, clock: clock)
        for (step, _) in Self.golden { try journal.write(step) }
        #expect(try Journal.look(Self.path, in: tree)?.records.map(\.step) == Self.golden.map(\.0))
        #expect(try Journal.open(Self.path, in: tree, clock: clock)?.reading == journal.reading)
        #expect(try Journal.look(.known("other"), in: tree) == nil)
        #expect(try Journal.open(.known("other"), in: tree, clock: clock) == nil)
    }

    /// Every torn form of the third record: the first two stand, and the next write takes its place.
    @Test func `a torn record is not there`() throws {
        var journal = try Journal.create(Self.path, in: tree, clock: clock)
        try journal.write(.begun(oldRelease: 1, newRelease: 2, format: 1))
        try journal.write(.stopIntended)
        let before = tree.disk
        try journal.write(.switchIntended)
        let slot = try tree.open(Self.path, for: .reading).read(at: 2048, max: 1024)
        let used = slot.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        for length in 1..<used {
            let torn = SimFileTree(before)
            try torn.open(Self.path, for: .writing).write(Array(slot.prefix(length)), at: 2048)
            #expect(
                try Journal.look(Self.path, in: torn)?.records.map(\.step) == [
                    .begun(oldRelease: 1, newRelease: 2, format: 1), .stopIntended,
                ])
            var again = try #require(try Journal.open(Self.path, in: torn, clock: clock))
            try again.write(.cancelled)
            #expect(try Journal.look(Self.path, in: torn)?.records.last == JournalRecord(number: 3, at: clock.now(), step: .cancelled))
        }
        for byte in 0..<used {
            let flipped = SimFileTree(tree.disk)
            try flipped.open(Self.path, for: .writing).write([slot[byte] ^ 0x10], at: Int64(2048 + byte))
            #expect(try Journal.look(Self.path, in: flipped)?.records.count == 2, "byte \(byte)")
        }
    }

    @Test func `a record behind a torn one is not there either`() throws {
        var journal = try Journal.create(Self.path, in: tree, clock: clock)
        for _ in 0..<3 { try journal.write(.stopIntended) }
        try tree.open(Self.path, for: .writing).write([0], at: 1024)
        #expect(try Journal.look(Self.path, in: tree)?.records.count == 1)
    }

    @Test func `a full journal says so and keeps what it has`() throws {
        var journal = try Journal.create(Self.path, in: tree, clock: clock)
        for _ in 0..<Journal.slotCount { try journal.write(.stopIntended) }
        #expect(throws: FileError.self) { try journal.write(.cancelled) }
        #expect(try Journal.look(Self.path, in: tree)?.records.count == Journal.slotCount)
        #expect(try tree.entry(Self.path)?.length == 65_536)
    }

    @Test func `records need no space once the journal is made`() throws {
        var journal = try Journal.create(Self.path, in: tree, clock: clock)
        tree.setCapacity(0)
        for _ in 0..<Journal.slotCount { try journal.write(.stopIntended) }
        #expect(journal.reading.records.count == Journal.slotCount)
    }

    @Test func `a record whose sync failed is written again in its place`() throws {
        var journal = try Journal.create(Self.path, in: tree, clock: clock)
        tree.failMutation(2, with: .other)
        #expect(throws: FileError.self) { try journal.write(.stopIntended) }
        #expect(journal.reading.records.isEmpty)
        try journal.write(.cancelled)
        #expect(try Journal.look(Self.path, in: tree)?.records.map(\.step) == [.cancelled])
    }

    /// The process before died, or failed, between a record and its sync: nothing may be done upon a record that a power cut could take.
    @Test func `what an installer goes on with is durable`() throws {
        var journal = try Journal.create(Self.path, in: tree, clock: clock)
        try tree.syncDirectory(.root)
        tree.failMutation(2, with: .other)
        #expect(throws: FileError.self) { try journal.write(.switchIntended) }
        #expect(journal.isUncertain)
        tree.setFault(nil)
        let found = { try Journal.look(Self.path, in: SimFileTree(self.tree.disk.afterPowerCut(losing: .everything)))?.records.map(\.step) }
        #expect(try found() == [])
        var again = try #require(try Journal.open(Self.path, in: tree, clock: clock))
        #expect(again.reading.records.map(\.step) == [.switchIntended])
        #expect(again.isUncertain)
        try again.settle(Self.path, in: tree)
        #expect(!again.isUncertain)
        #expect(try found() == [.switchIntended])
    }

    @Test func `causes of any length and kind fit`() throws {
        var journal = try Journal.create(Self.path, in: tree, clock: clock)
        let texts = ["\"", "\\", "/", "\u{1}", "\u{7f}", "\n", "ä", "🚀", "x", "\u{2028}", "e\u{301}"].map {
            String(repeating: $0, count: 5000)
        }
        for text in texts { try journal.write(.rollbackIntended(cause: text)) }
        let records = try #require(try Journal.look(Self.path, in: tree)).records
        #expect(records.count == texts.count)
        for case .rollbackIntended(let cause) in records.map(\.step) {
            #expect(cause.count > 100)
            #expect(cause.hasSuffix("…"))
        }
    }

    /// A step that this release does not know: it and what follows count as not written.
    @Test func `a newer release's unknown record ends the reading`() throws {
        var journal = try Journal.create(Self.path, in: tree, clock: clock)
        try journal.write(.stopIntended)
        let payload = Array(#"{"number":2,"at":"2026-01-01T00:00:00Z","step":{"teleported":{}}}"#.utf8)
        let head = [UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        let sum = CRC32.of(head + payload)
        let check = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> UInt32($0)) }
        try tree.open(Self.path, for: .writing).write(Array("UPJ1".utf8) + head + check + payload, at: 1024)
        #expect(try Journal.look(Self.path, in: tree)?.records.map(\.step) == [.stopIntended])
    }

    @Test func `a folder in its place gives way`() throws {
        try tree.put(Self.path.appending("inner"), "x")
        #expect(throws: FileError.self) { try Journal.look(Self.path, in: tree) }
        _ = try Journal.create(Self.path, in: tree, clock: clock)
        #expect(try Journal.look(Self.path, in: tree)?.records.isEmpty == true)
    }

    @Test func `an unfinished journal of an earlier process is made anew`() throws {
        try tree.put(.known("journal.new"), "half")
        _ = try Journal.create(Self.path, in: tree, clock: clock)
        #expect(try Journal.look(Self.path, in: tree)?.records.isEmpty == true)
    }
}
