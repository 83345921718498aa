import Glibc

/// Tells other programs which TCP port was taken: decimal digits and a newline, never half written.
struct PortFile {
    /// Absolute.
    let path: String

    /// Writes beside and renames. Not synced: it means nothing after a restart.
    func write(_ port: Int) throws(LocalAPIError) {
        let fresh = "\(path).new"
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("Making") }
        let line = Array("\(port)\n".utf8)
        let written = Glibc.write(descriptor, line, line.count) == line.count && fchmod(descriptor, 0o644) == 0
        let failed = written ? nil : failure("Writing")
        close(descriptor)
        if let failed { throw failed }
        guard rename(fresh, path) == 0 else { throw failure("Renaming") }
    }

    /// Takes it away; absent is fine.
    func remove() {
        unlink(path)
    }

    private func failure(_ what: String) -> LocalAPIError {
        let why = String(cString: strerror(errno))
        return LocalAPIError(.portFile, "\(what) the port file \(path) failed: \(why).", remedy: "Look at its folder.")
    }
}
