import FoundationEssentials
import Glibc

/// The unix socket's name in its folder: made with the right mode before anybody can connect, and taken away again.
struct SocketFile {
    private static let remedy = "Look at the folder; nothing but the agent should write there."

    /// The folder, held open: names in it stay ours even when the path to it is long or moved.
    private let folder: Int32
    private let name: String
    private let inode: ino_t

    /// Binds the socket, not listening yet, mode 0660.
    ///
    /// A socket of this name is a killed agent's (a living one holds the agent lock) and is removed; anything else is left alone.
    /// - Parameter group: who may connect besides the owner; nil = the folder's or process's own group.
    static func bound(folder path: String, name: String, group: UInt32?) throws(LocalAPIError) -> (file: SocketFile, descriptor: Int32) {
        let folder = try opened(path)
        do throws(LocalAPIError) {
            try removeStale(folder: folder, path: path, name: name)
            let whole = "\(path)/\(name)"
            let short = whole.utf8.count <= 107 ? whole : "/proc/self/fd/\(folder)/\(name)"
            let descriptor: Int32
            do { descriptor = try ListeningSocket.bound(toPath: short) } catch {
                throw LocalAPIError(.socket, "Binding the socket \(whole) failed: \(error.text).", remedy: remedy)
            }
            var status = stat()
            guard fchmodat(folder, name, 0o660, 0) == 0, fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                let why = String(cString: strerror(errno))
                close(descriptor)
                throw LocalAPIError(.socket, "Setting mode 0660 of the socket \(whole) failed: \(why).", remedy: remedy)
            }
            if let group { _ = fchownat(folder, name, uid_t.max, group, AT_SYMLINK_NOFOLLOW) }
            return (SocketFile(folder: folder, name: name, inode: status.st_ino), descriptor)
        } catch {
            close(folder)
            throw error
        }
    }

    /// Removes the name if it is still this socket's, and lets go of the folder. Call once.
    func remove() {
        var status = stat()
        if fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_ino == inode { unlinkat(folder, name, 0) }
        close(folder)
    }

    private static func opened(_ path: String) throws(LocalAPIError) -> Int32 {
        if access(path, F_OK) != 0 {
            do {
                try FileManager.default.createDirectory(
                    atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
            } catch {
                throw LocalAPIError(.folder, "Making the folder \(path) for the agent's socket failed: \(error).", remedy: remedy)
            }
        }
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else {
            let why = String(cString: strerror(errno))
            throw LocalAPIError(.folder, "Opening the folder \(path) for the agent's socket failed: \(why).", remedy: remedy)
        }
        return folder
    }

    private static func removeStale(folder: Int32, path: String, name: String) throws(LocalAPIError) {
        var status = stat()
        guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw LocalAPIError(
                .socket, "\(path)/\(name) is in the way of the agent's socket: it is not a socket.", remedy: "Move it away.")
        }
        guard unlinkat(folder, name, 0) == 0 else {
            let why = String(cString: strerror(errno))
            throw LocalAPIError(.socket, "Removing the old socket \(path)/\(name) failed: \(why).", remedy: remedy)
        }
    }
}
