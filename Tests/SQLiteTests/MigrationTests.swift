import SQLite
import Testing

@Suite struct MigrationTests {
    private let first = Migration("first", "CREATE TABLE a (b); CREATE INDEX a_b ON a (b);")
    private let second = Migration("second", "ALTER TABLE a ADD COLUMN c DEFAULT 5")

    @Test func eachRunsOnce() throws {
        let database = try Database.inMemory()
        try database.migrate([first])
        try database.execute("INSERT INTO a VALUES (1)")
        for _ in 0..<2 { try database.migrate([first, second]) }
        #expect(try database.queryFirst("SELECT * FROM a")?.values == [1, 5])
        #expect(try database.query("SELECT name FROM migrations ORDER BY position").map { try $0.text("name") } == ["first", "second"])
    }

    @Test func aNewerDatabaseIsRefusedAndUntouched() throws {
        let database = try Database.inMemory()
        try database.migrate([first, second])
        let error = #expect(throws: SQLiteError.self) { try database.migrate([first]) }
        #expect(error?.kind == .newerVersion)
        #expect(error?.message.contains("second") == true)
        try database.migrate([first, second])
    }

    @Test func movedMigrationsAreRefused() throws {
        let database = try Database.inMemory()
        try database.migrate([first])
        #expect(kind { try database.migrate([Migration("before", "SELECT 1"), first]) } == .other)
    }

    @Test func aFailingOneLeavesTheOldSchema() throws {
        let database = try Database.inMemory()
        try database.migrate([first])
        let broken = Migration("broken", "CREATE TABLE half (a); CREATE TABLE a (b)")
        #expect(kind { try database.migrate([first, second, broken]) } == .other)
        #expect(try database.query("SELECT * FROM sqlite_schema WHERE name = 'half'").isEmpty)
        #expect(kind { _ = try database.query("SELECT c FROM a") } == .other)
        try database.migrate([first, second])
    }
}
