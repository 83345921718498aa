import Foundation
import SQLite
import Synchronization
import Testing

@Suite struct TransactionTests {
    private struct Refused: Error, Equatable {}

    @Test func allOrNothing() throws {
        let database = try counter()
        #expect(throws: Refused.self) {
            try database.transaction(orThrow: { error in error as any Error }) { () throws(any Error) in
                try database.execute("UPDATE a SET b = 7")
                throw Refused()
            }
        }
        #expect(try value(database) == 0)
        try database.transaction { () throws(SQLiteError) in _ = try database.execute("UPDATE a SET b = 7") }
        #expect(try value(database) == 7)
    }

    @Test func doesNotNest() throws {
        let database = try counter()
        #expect(
            kind {
                try database.transaction { () throws(SQLiteError) in
                    try database.execute("UPDATE a SET b = 7")
                    try database.transaction { () throws(SQLiteError) in }
                }
            } == .other)
        #expect(try value(database) == 0)
    }

    @Test func aFullDiskUndoesTheWholeTransaction() throws {
        let scratch = try Scratch()
        let database = try Database.open(path: scratch.path("db"))
        try database.execute("CREATE TABLE a (b)")
        try database.execute("PRAGMA max_page_count = 20")
        let failed = kind {
            try database.transaction { () throws(SQLiteError) in
                for _ in 0..<100 { try database.execute("INSERT INTO a VALUES (zeroblob(4000))") }
            }
        }
        #expect(failed == .full)
        #expect(try database.queryFirst("SELECT count(*) AS n FROM a")?.integer("n") == 0)
        try database.execute("PRAGMA max_page_count = 1000")
        #expect(try database.execute("INSERT INTO a VALUES (1)") == 1)
    }

    @Test func aDeferredRuleThatFailsAtCommitUndoesAll() throws {
        let database = try Database.inMemory()
        try database.executeScript(
            "CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (a REFERENCES a DEFERRABLE INITIALLY DEFERRED)")
        #expect(
            kind { try database.transaction { () throws(SQLiteError) in _ = try database.execute("INSERT INTO b VALUES (1)") } }
                == .constraint)
        #expect(try database.query("SELECT * FROM b").isEmpty)
        try database.transaction { () throws(SQLiteError) in _ = try database.execute("INSERT INTO a VALUES (1)") }
    }

    @Test func anotherWriterMakesItBusy() throws {
        let scratch = try Scratch()
        let one = try Database.open(path: scratch.path("db"), busyMilliseconds: 0)
        let other = try Database.open(path: scratch.path("db"), busyMilliseconds: 0)
        try one.execute("CREATE TABLE a (b)")
        try one.transaction { () throws(SQLiteError) in
            #expect(kind { try other.transaction { () throws(SQLiteError) in } } == .busy)
            #expect(kind { _ = try other.query("SELECT * FROM a") } == nil)
        }
        try other.transaction { () throws(SQLiteError) in }
    }

    /// Reading and writing back in two statements loses counts as soon as two threads mix.
    @Test func threadsDoNotMix() async throws {
        let database = try counter()
        let failures = Mutex<[String]>([])
        let running = DispatchGroup()
        for _ in 0..<4 {
            running.enter()
            Thread {
                for _ in 0..<50 {
                    do { try increment(database) } catch { failures.withLock { $0.append("\(error)") } }
                }
                running.leave()
            }.start()
        }
        await withCheckedContinuation { done in running.notify(queue: .global()) { done.resume() } }
        #expect(failures.withLock { $0 }.isEmpty)
        #expect(try value(database) == 200)
    }

    private func counter() throws -> Database {
        let database = try Database.inMemory()
        try database.execute("CREATE TABLE a (b)")
        try database.execute("INSERT INTO a VALUES (0)")
        return database
    }

    private func value(_ database: Database) throws -> Int64? {
        try database.queryFirst("SELECT b FROM a")?.integer("b")
    }
}

private func increment(_ database: Database) throws {
    try database.transaction { () throws(SQLiteError) in
        let before = try database.queryFirst("SELECT b FROM a")?.integer("b") ?? -1
        for _ in 0..<5 { sched_yield() }
        try database.execute("UPDATE a SET b = ?", [.integer(before + 1)])
    }
}
