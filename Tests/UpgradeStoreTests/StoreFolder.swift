import FoundationEssentials
import Glibc
import SQLite
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeStore

/// A state folder of its own with a database `agent.db`; goes away with the object.
final class StoreFolder {
    static let database = TreePath.known("agent.db")

    let folder: String
    let opener: SQLiteStoreOpener

    init() throws {
        var template = Array("/tmp/uplift-store-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        opener = SQLiteStoreOpener(stateFolder: folder)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { folder + "/" + name }

    func create() throws -> any Store { try opener.create(Self.database) }

    func open() throws -> any Store { try opener.open(Self.database) }

    /// A database with so many jobs and owed rows, closed.
    func fill(_ count: Int) throws {
        try create().commit((1...count).flatMap { [.putJob(Sample.policy($0), Sample.job), .owe(Sample.row($0))] })
    }

    /// A connection past the store, for damage and for looking. Closed when dropped.
    func raw(_ name: String = "agent.db") throws -> Database { try Database.open(path: path(name)) }

    func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path(name)))) }

    func write(_ bytes: [UInt8], to name: String) throws { try Data(bytes).write(to: URL(filePath: path(name))) }

    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }

    /// What a killed process leaves: database and log as they lie on the disk while a connection is open, without its shared memory.
    func copyAsKilled(to other: StoreFolder, as name: String = "agent.db") throws {
        for suffix in ["", "-wal"] { try other.write(try bytes("agent.db" + suffix), to: name + suffix) }
    }
}

/// Values for rows.
enum Sample {
    static let moment = UTCInstant(secondsSinceEpoch: 1_700_000_000)
    static let job = JobState.waiting(
        JobFacts(terms: JobTerms(manifest: "org/manifest", allowDowngrade: false, start: "now", startWindow: 0), scheduled: moment))

    static func policy(_ number: Int) -> PolicyID { PolicyID(org: "org", name: "policy\(number)") }

    static func row(_ number: Int) -> OutboxRow { OutboxRow(number: number, policy: policy(number), content: .deletion) }

    static func event(_ number: Int) -> EventLogRow {
        EventLogRow(at: moment, severity: "info", code: "test", message: "event \(number)", policy: nil)
    }
}

/// The kind of the store error that a body throws; nil when it throws none.
func kindOfError(_ body: () throws -> Void) -> StoreError.Kind? {
    do { try body() } catch { return (error as? StoreError)?.kind }
    return nil
}
