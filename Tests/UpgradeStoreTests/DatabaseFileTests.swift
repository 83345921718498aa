import FoundationEssentials
import Glibc
import SQLite
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeStore

/// Making, copying and setting aside, with what killed processes leave behind.
@Suite("Database files")
struct DatabaseFileTests {
    private let folder: StoreFolder
    private let path = StoreFolder.database

    init() throws { folder = try StoreFolder() }

    @Test("A new database is for its owner only, and is all there is")
    func creation() throws {
        try folder.write([1, 2, 3], to: "agent.db.new")
        try folder.write([1, 2, 3], to: "agent.db.new-wal")
        do { try #expect(folder.create().load().jobs.isEmpty) }
        #expect(try folder.names() == ["agent.db"])
        var status = stat()
        #expect(stat(folder.path("agent.db"), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test("What a killed process committed is there")
    func killed() throws {
        let store = try folder.create()
        try store.commit([.owe(Sample.row(1))])
        try store.commit([.owe(Sample.row(2))])
        let after = try StoreFolder()
        try folder.copyAsKilled(to: after)
        #expect(try after.open().load().outbox.map(\.number) == [1, 2])
    }

    @Test("A copy takes the log of a killed process along and leaves the source untouched")
    func copyOfKilled() throws {
        let store = try folder.create()
        try store.commit([.owe(Sample.row(1))])
        let after = try StoreFolder()
        try folder.copyAsKilled(to: after)
        let (database, log) = (try after.bytes("agent.db"), try after.bytes("agent.db-wal"))
        #expect(!log.isEmpty)
        try after.opener.copy(path, to: .known("copy.db"))
        #expect(try after.bytes("agent.db") == database)
        #expect(try after.bytes("agent.db-wal") == log)
        #expect(try after.opener.open(.known("copy.db")).load().outbox.map(\.number) == [1])
        var status = stat()
        #expect(stat(after.path("copy.db"), &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test("A copy is made while the store is open")
    func copyOfOpen() throws {
        let store = try folder.create()
        try store.commit([.owe(Sample.row(1))])
        try folder.opener.copy(path, to: .known("copy.db"))
        try store.commit([.owe(Sample.row(2))])
        #expect(try folder.opener.open(.known("copy.db")).load().outbox.map(\.number) == [1])
    }

    @Test("Leftovers of an earlier copy are replaced, its log too")
    func copyOverLeftovers() throws {
        let old = try StoreFolder()
        let oldStore = try old.create()
        try oldStore.commit((1...50).map { .owe(Sample.row($0)) })
        try old.copyAsKilled(to: folder, as: "copy.db")
        for name in ["copy.db.part", "copy.db.part-wal", "copy.db-shm", "copy.db-journal"] { try folder.write([1, 2, 3], to: name) }

        try folder.create().commit([.owe(Sample.row(99))])
        try folder.opener.copy(path, to: .known("copy.db"))
        #expect(try folder.opener.open(.known("copy.db")).load().outbox.map(\.number) == [99])
        #expect(try folder.names().filter { $0.hasPrefix("copy") } == ["copy.db"])
    }

    @Test("A copy that cannot be made leaves nothing under its name")
    func failedCopy() throws {
        try folder.fill(1)
        #expect(kindOfError { try folder.opener.copy(path, to: .known("no", "copy.db")) } == .other)
        #expect(kindOfError { try folder.opener.copy(path, to: path) } == .other)
        #expect(try folder.open().load().outbox.map(\.number) == [1])
    }

    @Test("Setting aside takes the log along and never replaces an earlier one")
    func setAside() throws {
        for number in 1...3 {
            let lost = try StoreFolder()
            let store = try lost.create()
            try store.commit([.owe(Sample.row(number))])
            try lost.copyAsKilled(to: folder)
            #expect(try folder.opener.setAside(path) == .known("agent.db.damaged-\(number)"))
        }
        for number in 1...3 {
            let aside = TreePath.known("agent.db.damaged-\(number)")
            #expect(try folder.opener.open(aside).load().outbox.map(\.number) == [number])
        }
        #expect(kindOfError { _ = try folder.open() } == .missing)
    }

    @Test("The log of a lost database is kept, and not replayed into the next one")
    func orphanedLog() throws {
        let lost = try StoreFolder()
        let store = try lost.create()
        try store.commit([.owe(Sample.row(1))])
        try lost.copyAsKilled(to: folder)
        let log = try folder.bytes("agent.db-wal")
        #expect(unlink(folder.path("agent.db")) == 0)
        #expect(try folder.create().load().outbox.isEmpty)
        #expect(try folder.bytes("agent.db.damaged-1-wal") == log)
    }
}
