import FoundationEssentials
import Glibc
import SQLite
import Testing
import UpgradeModel
import UpgradePorts

@testable import UpgradeStore

/// Files that are not what they should be.
@Suite("Damaged database files")
struct DamagedFileTests {
    private let folder: StoreFolder

    init() throws { folder = try StoreFolder() }

    @Test("No page can be overwritten unnoticed")
    func overwrittenPage() throws {
        try folder.fill(200)
        let sound = try folder.bytes("agent.db")
        #expect(sound.count > 40_000 && sound.count.isMultiple(of: 4096))
        for page in 0..<(sound.count / 4096) {
            var bytes = sound
            for place in page * 4096..<(page + 1) * 4096 { bytes[place] = UInt8(truncatingIfNeeded: place &* 31 &+ 7) }
            try folder.write(bytes, to: "agent.db")
            #expect(kindOfError { _ = try folder.open().load() } == .damaged, "page \(page)")
        }
    }

    @Test("A cut file is damaged wherever it was cut", arguments: [0, 1, 100, 4095, 4096, 8192, 511, 512, 20_000, -4096])
    func truncated(length: Int) throws {
        try folder.fill(200)
        let sound = try folder.bytes("agent.db")
        let cut = Array(sound.prefix(length < 0 ? sound.count + length : length))
        try folder.write(cut, to: "agent.db")
        #expect(kindOfError { _ = try folder.open() } == .damaged)
        #expect(kindOfError { try folder.opener.copy(StoreFolder.database, to: .known("copy.db")) } == .damaged)
        #expect(try folder.opener.setAside(StoreFolder.database) == .known("agent.db.damaged-1"))
        #expect(try folder.bytes("agent.db.damaged-1").count == cut.count)
    }

    @Test("A last byte that is lost costs at most its row")
    func lostByte() throws {
        try folder.fill(200)
        try folder.write(try folder.bytes("agent.db").dropLast(), to: "agent.db")
        let store = try folder.open()
        let node = try store.load()
        let reported = try store.events(max: 9).count
        #expect(node.jobs.count == 200 && node.outbox.count + reported == 200)
        #expect(node.damaged.count + reported == 1)
    }

    @Test("Opening finds damage without adding any")
    func kept() throws {
        try folder.fill(200)
        var bytes = try folder.bytes("agent.db")
        for place in 8192..<12_288 { bytes[place] = 0xa5 }
        try folder.write(bytes, to: "agent.db")
        #expect(kindOfError { _ = try folder.open() } == .damaged)
        #expect(try folder.bytes("agent.db") == bytes)
    }

    @Test("A database of a newer version is refused, and can be copied")
    func newer() throws {
        try folder.fill(1)
        try folder.raw().execute("INSERT INTO migrations VALUES (99, 'from the future')")
        #expect(kindOfError { _ = try folder.open() } == .newer)
        try folder.opener.copy(StoreFolder.database, to: .known("copy.db"))
        #expect(kindOfError { _ = try folder.opener.open(.known("copy.db")) } == .newer)
    }

    @Test("A sound database without our tables is no empty store")
    func foreign() throws {
        try folder.raw().execute("CREATE TABLE other (value TEXT)")
        #expect(kindOfError { _ = try folder.open() } == .damaged)
        #expect(kindOfError { try folder.opener.copy(StoreFolder.database, to: .known("copy.db")) } == .damaged)
    }

    @Test("A link or a folder is no database")
    func unexpectedKind() throws {
        try folder.fill(1)
        #expect(symlink("agent.db", folder.path("link.db")) == 0)
        #expect(mkdir(folder.path("folder.db"), 0o700) == 0)
        for name in ["link.db", "folder.db"] {
            #expect(kindOfError { _ = try folder.opener.open(.known(name)) } == .other)
            #expect(kindOfError { _ = try folder.opener.create(.known(name)) } == .other)
        }
        #expect(kindOfError { _ = try folder.opener.create(.known("no", "folder.db")) } == .other)
    }

    @Test("A full disk refuses the commit and keeps what was there")
    func noSpace() throws {
        try folder.fill(1)
        let database = try folder.raw()
        let store = try SQLiteStore(database)
        let pages = try #require(try database.queryFirst("PRAGMA page_count")?.values.first?.integer)
        _ = try database.query("PRAGMA max_page_count = \(pages)")
        let many: [StoreChange] = [.settle(number: 1)] + (2...500).map { .owe(Sample.row($0)) }
        #expect(kindOfError { try store.commit(many) } == .noSpace)
        #expect(try store.load().outbox == [Sample.row(1)])
        _ = try database.query("PRAGMA max_page_count = 100000")
        try store.commit(many)
        #expect(try store.load().outbox.count == 499)
    }

    @Test("A store does not work on a database that forgets")
    func notDurable() throws {
        #expect(kindOfError { _ = try SQLiteStore(Database.inMemory()) } == .other)
        let database = try folder.raw()
        try database.execute("PRAGMA synchronous = NORMAL")
        #expect(kindOfError { _ = try SQLiteStore(database) } == .other)
    }
}
