import FoundationEssentials
import Glibc
import SQLite
import Testing
import UpgradeModel
import UpgradePorts
import UpgradeSimulation
import UpgradeStore

/// The two stores that keep the same contract.
enum StoreKind: CaseIterable, CustomTestStringConvertible {
    case sqlite, simulated

    var testDescription: String { self == .sqlite ? "SQLite" : "simulated" }
}

/// One database of a kind, and the ways in which a test may treat it.
final class StoreSubject {
    static let path = TreePath.known("agent.db")

    let opener: any StoreOpener
    private let scratch: StoreScratch?

    init(_ kind: StoreKind) throws {
        switch kind {
        case .sqlite:
            let scratch = try StoreScratch()
            self.scratch = scratch
            opener = SQLiteStoreOpener(stateFolder: scratch.folder)
        case .simulated:
            scratch = nil
            opener = SimStoreOpener()
        }
    }

    /// An empty store.
    static func fresh(_ kind: StoreKind) throws -> (subject: StoreSubject, store: any Store) {
        let subject = try StoreSubject(kind)
        return (subject, try subject.opener.create(path))
    }

    /// What a process that starts now finds.
    func afterRestart() throws -> any Store { try opener.open(Self.path) }

    /// Makes the stored record of a job unreadable; no store is open on it.
    func damage(job policy: PolicyID) throws {
        if let simulated = opener as? SimStoreOpener {
            return try SimStore(unwrap(simulated.database(Self.path))).damage(job: policy)
        }
        let database = try Database.open(path: unwrap(scratch).folder + "/" + Self.path.text)
        try database.execute("UPDATE jobs SET state = '{' WHERE org = ? AND name = ?", [.text(policy.org), .text(policy.name)])
    }

    /// Overwrites the file with bytes that are no database.
    func damage(_ path: TreePath) throws {
        if let simulated = opener as? SimStoreOpener { return try unwrap(simulated.database(path)).set(.damaged) }
        try Data("no database at all, just a text".utf8).write(to: URL(filePath: unwrap(scratch).folder + "/" + path.text))
    }
}

/// A folder of its own that goes away with the object.
final class StoreScratch {
    let folder: String

    init() throws {
        var template = Array("/tmp/uplift-store-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw NothingThere() }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }
}

struct NothingThere: Error {}

func unwrap<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw NothingThere() }
    return value
}
