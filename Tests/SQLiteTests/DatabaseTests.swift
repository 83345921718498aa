import SQLite
import Testing

@Suite struct DatabaseTests {
    @Test func givesBackEveryStorageClass() throws {
        let database = try Database.inMemory()
        let values: [Value] = [
            .null, .integer(.min), .integer(.max), .real(-0.5), .real(.infinity), .text(""), .text("æ — 名"),
            .blob([]), .blob([0, 255, 0]),
        ]
        for value in values {
            #expect(try database.queryFirst("SELECT ? AS v", [value])?["v"] == value)
        }
        #expect(try database.queryFirst("SELECT ? AS v", [.real(.nan)])?["v"] == .null)
    }

    @Test func countsChangedRows() throws {
        let database = try Database.inMemory()
        #expect(try database.execute("CREATE TABLE a (b INTEGER PRIMARY KEY, c)") == 0)
        #expect(try database.execute("INSERT INTO a (c) VALUES (1), (1), (2)") == 3)
        #expect(database.lastInsertedRowID == 3)
        #expect(try database.execute("UPDATE a SET c = 3 WHERE c = 9") == 0)
        #expect(try database.execute("SELECT * FROM a") == 0)
        #expect(try database.execute("DELETE FROM a WHERE c = 1") == 2)
    }

    @Test func rowsSayWhatTheyMiss() throws {
        let row = try #require(try Database.inMemory().queryFirst("SELECT 1 AS a, NULL AS b, x'01' AS c, 0.5 AS d, 't' AS e"))
        #expect(try row.integer("a") == 1)
        #expect(try row.blob("c") == [1])
        #expect(try row.real("d") == 0.5)
        #expect(try row.text("e") == "t")
        #expect(try row.optionalText("b") == nil)
        #expect(try row.optionalInteger("a") == 1)
        #expect(kind { _ = try row.text("a") } == .mismatch)
        #expect(kind { _ = try row.text("b") } == .mismatch)
        #expect(kind { _ = try row.optionalText("gone") } == .mismatch)
        #expect(row["gone"] == nil)
    }

    @Test func refusesWrongNumbersOfValuesAndStatements() throws {
        let database = try Database.inMemory()
        #expect(kind { _ = try database.query("SELECT ?", []) } == .other)
        #expect(kind { _ = try database.query("SELECT ?", [1, 2]) } == .other)
        #expect(kind { try database.execute("SELECT 1; SELECT 2") } == .other)
        #expect(kind { try database.execute("SELECT 1; nonsense") } == .other)
        #expect(kind { try database.execute("") } == .other)
        #expect(kind { try database.execute("-- nothing") } == .other)
        #expect(kind { try database.execute("SELECT 1\0; DROP TABLE a") } == .other)
        #expect(kind { try database.execute("SELECT 1; -- end") } == nil)
        #expect(kind { try database.execute("SELECT \"misspelt\"") } == .other)
    }

    @Test func scriptsRunToTheirEnd() throws {
        let database = try Database.inMemory()
        try database.executeScript(
            ";; CREATE TABLE a (b); -- one\n;;/* two */ INSERT INTO a VALUES (1);;\nINSERT INTO a VALUES (2) ; -- end")
        #expect(try database.query("SELECT b FROM a").map { try $0.integer("b") } == [1, 2])
        try database.executeScript("")
        #expect(kind { try database.executeScript("INSERT INTO a VALUES (3); nonsense") } == .other)
        #expect(kind { try database.executeScript("INSERT INTO a VALUES (4)\0; nonsense") } == .other)
        #expect(try database.query("SELECT b FROM a").count == 3)
    }

    @Test func keepsStatementsAndLendsThemOnce() throws {
        let database = try Database.inMemory()
        try database.execute("CREATE TABLE a (b)")
        try database.execute("INSERT INTO a VALUES (1), (2)")
        let before = database.idleStatementCount
        var pairs = 0
        try database.forEachRow("SELECT b FROM a") { _ throws(SQLiteError) in
            pairs += try database.query("SELECT b FROM a").count
            return true
        }
        #expect(pairs == 4)
        #expect(database.idleStatementCount == before + 1)
        for number in 0..<1000 { _ = try database.query("SELECT \(number)") }
        #expect(database.idleStatementCount <= 128)
        _ = try database.query("SELECT b FROM a WHERE b = ?", [2])
        #expect(kind { _ = try database.query("SELECT b FROM a WHERE b = ?", []) } == .other)
    }

    @Test func aKeptStatementFollowsTheSchema() throws {
        let database = try Database.inMemory()
        try database.execute("CREATE TABLE a (b)")
        try database.execute("INSERT INTO a VALUES (1)")
        #expect(try database.query("SELECT * FROM a").first?.values == [1])
        try database.execute("ALTER TABLE a RENAME COLUMN b TO c")
        try database.execute("ALTER TABLE a ADD COLUMN d DEFAULT 2")
        let row = try #require(try database.query("SELECT * FROM a").first)
        #expect(row["c"] == 1)
        #expect(row["d"] == 2)
        #expect(row["b"] == nil)
    }

    @Test func stopsStreamingWhenTold() throws {
        let database = try Database.inMemory()
        var seen = 0
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
        try database.forEachRow(endless) { _ in
            seen += 1
            return seen < 5
        }
        #expect(seen == 5)
        #expect(try database.queryFirst(endless)?.integer("i") == 1)
    }

    @Test func errorsNameStatementAndRuleButNoValue() throws {
        let database = try Database.inMemory()
        try database.executeScript(
            """
            CREATE TABLE a (id INTEGER PRIMARY KEY, u TEXT UNIQUE, n TEXT NOT NULL, c INTEGER CHECK (c > 0));
            CREATE TABLE b (a INTEGER REFERENCES a (id));
            INSERT INTO a VALUES (1, 'secret', 'n', 1);
            """)
        let cases: [(String, SQLiteError.Constraint)] = [
            ("INSERT INTO a VALUES (1, 'x', 'n', 1)", .primaryKey), ("INSERT INTO a VALUES (2, 'secret', 'n', 1)", .unique),
            ("INSERT INTO a VALUES (2, 'x', NULL, 1)", .notNull), ("INSERT INTO a VALUES (2, 'x', 'n', 0)", .check),
            ("INSERT INTO b VALUES (7)", .foreignKey),
        ]
        for (sql, constraint) in cases {
            let error = #expect(throws: SQLiteError.self) { try database.execute(sql) }
            #expect(error?.kind == .constraint)
            #expect(error?.constraint == constraint)
            #expect(error?.sql == sql)
        }
        let error = #expect(throws: SQLiteError.self) { try database.execute("INSERT INTO a VALUES (?, ?, 'n', 1)", [3, "secret"]) }
        #expect(error?.description.contains("secret") == false)
    }
}
