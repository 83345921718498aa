import Foundation
import SQLite
import Testing

@Suite struct DurabilityTests {
    @Test func everyOpenedFileIsDurable() throws {
        let scratch = try Scratch()
        for _ in 0..<2 { try Database.open(path: scratch.path("db")).assertDurable() }
    }

    @Test(arguments: [
        "PRAGMA synchronous = NORMAL", "PRAGMA synchronous = OFF", "PRAGMA journal_mode = DELETE", "PRAGMA journal_mode = MEMORY",
    ])
    func aLostSettingIsSeen(_ pragma: String) throws {
        let scratch = try Scratch()
        let database = try Database.open(path: scratch.path("db"))
        try database.execute(pragma)
        #expect(kind { try database.assertDurable() } == .notDurable)
    }

    @Test func memoryIsNotDurable() throws {
        let database = try Database.inMemory()
        #expect(kind { try database.assertDurable() } == .notDurable)
    }

    @Test func nobodyElseReadsTheFiles() throws {
        let scratch = try Scratch()
        let database = try Database.open(path: scratch.path("db"))
        try database.execute("CREATE TABLE a (b)")
        #expect(try scratch.names() == ["db", "db-shm", "db-wal"])
        for name in try scratch.names() {
            var status = stat()
            #expect(stat(scratch.path(name), &status) == 0)
            #expect(status.st_mode & 0o7777 == 0o600, "\(name)")
        }
    }

    @Test func readOnlyReadsOnlyAndMakesNothing() throws {
        let scratch = try Scratch()
        let path = scratch.path("db")
        #expect(kind { _ = try Database.open(path: path, readOnly: true) } == .cannotOpen)
        #expect(try scratch.names().isEmpty)
        try Database.open(path: path).execute("CREATE TABLE a (b)")
        let reader = try Database.open(path: path, readOnly: true)
        #expect(try reader.query("SELECT * FROM a").isEmpty)
        #expect(kind { try reader.execute("INSERT INTO a VALUES (1)") } == .readOnly)
    }
}
