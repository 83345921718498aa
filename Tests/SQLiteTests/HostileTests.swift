import Foundation
import SQLite
import Testing

/// Contents and files that somebody made to hurt.
@Suite struct HostileTests {
    @Test func nulBytesInTextsStay() throws {
        let database = try Database.inMemory()
        try database.execute("CREATE TABLE a (b TEXT)")
        let texts = ["\0", "a\0b", "\0\0", "end\0", "\u{FEFF}", "\u{202E}evil", "e\u{301}", String(repeating: "x", count: 100_000)]
        for text in texts {
            try database.execute("INSERT INTO a VALUES (?)", [.text(text)])
        }
        let read = try database.query("SELECT b FROM a ORDER BY rowid").map { try $0.text("b") }
        #expect(read.map { Array($0.utf8) } == texts.map { Array($0.utf8) })
    }

    @Test func textsThatAreNotUTF8AreMendedNotTrappedOn() throws {
        let database = try Database.inMemory()
        let row = try #require(try database.queryFirst("SELECT CAST(x'41ff00c3' AS TEXT) AS a, CAST(x'eda080' AS TEXT) AS b"))
        #expect(try row.text("a") == "A\u{FFFD}\0\u{FFFD}")
        #expect(try row.text("b").unicodeScalars.allSatisfy { $0 == "\u{FFFD}" })
    }

    @Test func pathsThatCannotWorkAreRefusedInWords() throws {
        let scratch = try Scratch()
        let long = scratch.path(String(repeating: "d", count: 5000))
        for path in ["", "a\0b", long, scratch.folder, scratch.path("missing/db"), "/proc/none/db"] {
            #expect(kind { _ = try Database.open(path: path) } == .cannotOpen, "\(path.prefix(60))")
        }
        let deep = scratch.path((0..<4).map { _ in String(repeating: "d", count: 100) }.joined(separator: "/"))
        try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: true)
        let database = try Database.open(path: deep + "/db")
        try database.assertDurable()
    }

    @Test func aRelativePathIsNeverAnAddress() throws {
        #expect(kind { _ = try Database.open(path: "file:missing-folder/x?mode=memory") } == .cannotOpen)
    }

    @Test func damageHasItsKind() throws {
        let scratch = try Scratch()
        let path = scratch.path("db")
        try Data("this is a letter, not a database, and long enough for a header of one hundred bytes, which SQLite looks at".utf8)
            .write(to: URL(fileURLWithPath: path))
        #expect(kind { _ = try Database.open(path: path) } == .notADatabase)

        try FileManager.default.removeItem(atPath: path)
        try fill(path)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for place in stride(from: 4096 + 64, to: bytes.count, by: 4096) {
            bytes.replaceSubrange(place..<place + 64, with: repeatElement(0xA5, count: 64))
        }
        for place in stride(from: 4096, to: bytes.count, by: 4096) { bytes[place] = 0x77 }
        try bytes.write(to: URL(fileURLWithPath: path))
        let damaged = try Database.open(path: path)
        #expect(kind { try damaged.quickCheck() } == .corrupt)
        #expect(kind { _ = try damaged.query("SELECT * FROM a") } == .corrupt)
    }

    @Test func randomDamageNeverTraps() throws {
        let scratch = try Scratch()
        let path = scratch.path("db")
        try fill(path)
        let sound = try Data(contentsOf: URL(fileURLWithPath: path))
        var generator = SystemRandomNumberGenerator()
        for round in 0..<60 {
            var bytes = sound
            for _ in 0..<20 { bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator) }
            let damaged = scratch.path("damaged-\(round)")
            try bytes.write(to: URL(fileURLWithPath: damaged))
            _ = kind {
                let database = try Database.open(path: damaged)
                try database.quickCheck()
                _ = try database.query("SELECT * FROM a")
                try database.execute("UPDATE a SET b = b || 'x'")
            }
        }
    }

    private func fill(_ path: String) throws {
        let database = try Database.open(path: path)
        try database.execute("CREATE TABLE a (b TEXT)")
        try database.transaction { () throws(SQLiteError) in
            for number in 0..<500 {
                try database.execute("INSERT INTO a VALUES (?)", [.text("\(number) " + String(repeating: "x", count: 100))])
            }
        }
        try database.quickCheck()
    }
}
