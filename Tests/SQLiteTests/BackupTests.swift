import Foundation
import SQLite
import Synchronization
import Testing

@Suite struct BackupTests {
    private final class Progress: Sendable {
        let stop = Atomic(false)
        let written = Atomic(0)
    }

    private func write(_ path: String, _ bytes: Data) throws {
        try bytes.write(to: URL(fileURLWithPath: path))
    }

    @Test func holdsWhatOnlyTheLogHolds() throws {
        let scratch = try Scratch()
        let database = try Database.open(path: scratch.path("db"))
        try database.execute("CREATE TABLE a (b)")
        try database.execute("INSERT INTO a VALUES ('fresh')")
        try database.backup(to: scratch.path("copy"))
        #expect(try scratch.names() == ["copy", "db", "db-shm", "db-wal"])
        let copy = try Database.open(path: scratch.path("copy"))
        #expect(try copy.queryFirst("SELECT b FROM a")?.text("b") == "fresh")
        try copy.assertDurable()
        try copy.execute("DELETE FROM a")
        #expect(try database.query("SELECT * FROM a").count == 1)
    }

    @Test func neverTakesAnOccupiedName() throws {
        let scratch = try Scratch()
        let database = try Database.open(path: scratch.path("db"))
        try database.execute("CREATE TABLE a (b)")
        for name in ["db", "copy", "copy-wal", "copy-journal"] {
            if name != "db" { try write(scratch.path(name), Data("mine".utf8)) }
            #expect(kind { try database.backup(to: scratch.path(name == "db" ? "db" : "copy")) } == .cannotOpen, "\(name)")
            if name != "db" { try FileManager.default.removeItem(atPath: scratch.path(name)) }
        }
        #expect(kind { try database.backup(to: scratch.path("missing/copy")) } == .cannotOpen)
    }

    @Test func aLeftoverOfAPowerCutIsReplaced() throws {
        let scratch = try Scratch()
        let database = try Database.open(path: scratch.path("db"))
        try database.execute("CREATE TABLE a (b)")
        for name in ["copy.part", "copy.part-journal", "copy.part-wal"] {
            try write(scratch.path(name), Data(repeating: 9, count: 5000))
        }
        try database.backup(to: scratch.path("copy"))
        try Database.open(path: scratch.path("copy")).quickCheck()
        #expect(try scratch.names().filter { $0.contains("part") }.isEmpty)
    }

    /// Every transaction of the writer keeps the sum at zero, so a copy of half a transaction shows.
    @Test func isOneSnapshotWhileAnotherConnectionWrites() throws {
        let scratch = try Scratch()
        let path = scratch.path("db")
        let reader = try Database.open(path: path)
        try reader.execute("CREATE TABLE a (b INTEGER)")
        let progress = Progress()
        let writer = Thread {
            guard let database = try? Database.open(path: path) else { return }
            while !progress.stop.load(ordering: .relaxed) {
                let number = Int64.random(in: 1...1000)
                let done: ()? = try? database.transaction { () throws(SQLiteError) in
                    for sign in [1, -1] as [Int64] { try database.execute("INSERT INTO a VALUES (?)", [.integer(sign * number)]) }
                }
                if done != nil { progress.written.add(1, ordering: .relaxed) }
            }
        }
        writer.start()
        defer { progress.stop.store(true, ordering: .relaxed) }
        let deadline = ContinuousClock.now + .seconds(20)
        for round in 0..<20 {
            let before = progress.written.load(ordering: .relaxed)
            while progress.written.load(ordering: .relaxed) < before + 3 && ContinuousClock.now < deadline { sched_yield() }
            let name = scratch.path("copy-\(round)")
            try reader.backup(to: name)
            let copy = try Database.open(path: name, readOnly: true)
            let row = try #require(try copy.queryFirst("SELECT coalesce(sum(b), 0) AS s, count(*) AS n FROM a"))
            #expect(try row.integer("s") == 0)
            #expect(try row.integer("n") >= before * 2)
            try copy.quickCheck()
        }
        #expect(progress.written.load(ordering: .relaxed) > 20)
    }
}
