import CSQLite
import Glibc

extension Database {
    /// Copies the database as it is now into a new file: one snapshot, also while other connections write.
    ///
    /// Under `path` there is either nothing or the complete, synced copy: it is written beside it (`.part`) and renamed.
    /// - Parameter path: must not exist, nor a `-wal` or `-journal` beside it, which would belong to another database.
    package func backup(to path: String) throws(SQLiteError) {
        for name in [path, path + "-wal", path + "-journal"] where access(name, F_OK) == 0 {
            throw SQLiteError(.cannotOpen, "the backup needs a free name, but \(name) exists: remove it first", path: self.path)
        }
        let part = path + ".part"
        for name in [part, part + "-journal", part + "-wal", part + "-shm"] { unlink(name) }
        do throws(SQLiteError) {
            try copyPages(to: part)
            try sync(part)
            guard rename(part, path) == 0 else { throw systemError(errno, "rename to \(path)", part) }
            try sync(Self.folder(of: path))
        } catch {
            unlink(part)
            throw error
        }
    }

    private func copyPages(to part: String) throws(SQLiteError) {
        let target = try Database.open(forBackup: part)
        // The copy must not be closed before it is finished, and the compiler sees no later use.
        defer { withExtendedLifetime(target) {} }
        try locked { () throws(SQLiteError) in
            guard let backup = sqlite3_backup_init(target.handle, "main", handle, "main") else { throw target.lastError() }
            let stepped = sqlite3_backup_step(backup, -1)
            let finished = sqlite3_backup_finish(backup)
            guard stepped == SQLITE_DONE, finished == SQLITE_OK else {
                let code = stepped == SQLITE_DONE ? finished : stepped
                throw SQLiteError(extendedCode: code, message: "backup to \(part): " + String(cString: sqlite3_errstr(code)), path: path)
            }
        }
    }

    private func sync(_ name: String) throws(SQLiteError) {
        let descriptor = Glibc.open(name, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemError(errno, "open for syncing", name) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw systemError(errno, "sync", name) }
    }

    private func systemError(_ code: Int32, _ verb: String, _ name: String) -> SQLiteError {
        let kind: SQLiteError.Kind = code == ENOSPC ? .full : .io
        return SQLiteError(kind, "backup: \(verb) of \(name): " + String(cString: strerror(code)), path: path)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
