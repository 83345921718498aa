import ExchangeModel
import Glibc
import SQLite
import UpgradeModel

/// Copies of everything that a hub keeps, made while it runs, and put back where none runs.
package enum HubBackup {
    private static let attemptsMax = 10

    /// Copies the hub's state of one moment: the database, the object data that it refers to, and the server secret.
    /// - Parameters:
    ///   - root: The hub's folder; the hub may run.
    ///   - target: Must not be there, or be empty.
    /// - Returns: A sentence for people.
    /// - Throws: ``ServeFailure`` and others, each with a sentence. What was copied so far stays, marked as half a copy.
    package static func make(of root: String, to target: String) throws -> String {
        try CopiedFolder(root).requireWhole()
        let begun = HubServer.present()
        do {
            let said = try copy(root, to: target)
            return said + record(in: root, begun, .completed, "completed successfully, the copy is \(target)")
        } catch {
            _ = record(in: root, begun, .exception, "\(error)")
            throw error
        }
    }

    /// In the database of the hub, which may run and be of another version. A copy is good without a record of it, so trouble with that is only told.
    private static func record(in root: String, _ begun: UTCInstant, _ stage: Operation.Stage, _ details: String) -> String {
        let path = CopiedFolder(root).database
        guard access(path, F_OK) == 0 else { return "" }
        do {
            let database = try Database.open(path: path)
            let operation = Operation(hub: .backup, begun: begun, at: HubServer.present(), stage, details)
            try database.transaction(orThrow: { $0 as any Error }) {
                let tables = SQLiteSession(database: database)
                try tables.putOperation(HubOperationRule.own(operation))
                try tables.trimOperations(of: nil, activity: Operation.Activity.backup.rawValue, to: HubOperationRule.rowsMax)
            }
            return ""
        } catch { return " No record of operation status tells of it: \(error)" }
    }

    private static func copy(_ root: String, to target: String) throws -> String {
        let (source, copy) = (CopiedFolder(root), CopiedFolder(target))
        if access(source.database, F_OK) != 0 { throw ServeFailure("there is no hub in '\(root)': it has no exchange.db") }
        try copy.begin()
        guard try CopiedFolder.copy(source.secret, to: copy.secret) else {
            throw ServeFailure("the hub in '\(root)' has no server.secret: without it no node could log in again")
        }
        try requireSecret(of: source)
        let database = try Database.open(path: source.database, readOnly: true)
        let files = try copyMoment(of: source, database, to: copy)
        try requireRight(files, in: copy, of: source)
        try copy.finish()
        return "The backup '\(target)' is complete: the database and \(files.count) files of object data."
    }

    /// A newer upload may take a file away between the copy of the database and ours of the file; then another moment is copied.
    private static func copyMoment(of source: CopiedFolder, _ database: Database, to copy: CopiedFolder) throws -> [CopiedObject] {
        for _ in 0..<attemptsMax {
            // All that is there first: so only what appears or goes in this short time can be missing afterwards.
            for name in try CopiedFolder.names(in: source.objects) where !name.contains(".") {
                _ = try CopiedFolder.bring(source.objects + "/" + name, to: copy.objects + "/" + name)
            }
            if unlink(copy.database) != 0 && errno != ENOENT { throw FileFailure("remove the file", copy.database) }
            try database.backup(to: copy.database)
            let wanted = try dataFiles(of: copy)
            if try missing(wanted, in: source, copy) != nil { continue }
            let names = Set(wanted.map(\.file))
            for name in try CopiedFolder.names(in: copy.objects) where !names.contains(name) { _ = unlink(copy.objects + "/" + name) }
            return wanted
        }
        throw ServeFailure("object data went away \(attemptsMax) times while it was copied: make the backup when fewer objects change")
    }

    /// Brings what is not there yet; the name of what cannot be brought.
    static func missing(_ wanted: [CopiedObject], in source: CopiedFolder, _ copy: CopiedFolder) throws -> String? {
        try wanted.first { object in
            try !CopiedFolder.bring(source.objects + "/" + object.file, to: copy.objects + "/" + object.file)
        }?.file
    }

    /// Refuses object data that is not what was uploaded: a damaged copy is found now and not when it is needed.
    static func requireRight(_ objects: [CopiedObject], in copy: CopiedFolder, of source: CopiedFolder) throws {
        for object in objects {
            guard let found = try object.damage(in: copy.objects) else { continue }
            throw ServeFailure("the object data '\(source.objects)/\(object.file)' of \(object.name) is damaged: \(found)")
        }
    }

    /// Refuses a secret of another length than a hub makes. Call it only where there is one.
    static func requireSecret(of folder: CopiedFolder) throws { _ = try HubFolder(path: folder.path).serverSecret() }

    /// The files that a copied database refers to. Nobody else has it open, so nothing of it is left beside it.
    static func dataFiles(of folder: CopiedFolder) throws -> [CopiedObject] {
        let database = try Database.open(path: folder.database)
        try database.quickCheck()
        try database.migrate(Migrations.all)
        return try CopiedObject.all(in: database)
    }
}
