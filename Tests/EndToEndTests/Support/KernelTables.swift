import Foundation

/// What the kernel says of sockets and locks, for tests that need to know what a process hangs in or holds.
enum KernelTables {
    /// True while the process has a connection to this port of this machine with bytes that the other side has not read.
    static func hasUnreadCall(_ pid: Int32, port: Int) -> Bool {
        let rows = connections(), own = sockets(of: pid)
        let calls = rows.filter { $0.remote == port && own.contains($0.inode) }.map(\.local)
        return rows.contains { $0.local == port && $0.unread > 0 && calls.contains($0.remote) }
    }

    /// The processes that took a lock on this file and still hold it.
    static func lockHolders(_ path: String) throws -> [Int32] {
        guard let inode = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int else { return [] }
        return try text("/proc/locks").split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 5, fields[1] == "FLOCK", fields[5].hasSuffix(":\(inode)") else { return nil }
            return Int32(fields[4])
        }
    }

    private struct Connection { let local: Int, remote: Int, unread: Int, inode: String }

    /// Established TCP connections. Fields: slot, local, remote, state, queues, timer, retransmits, user, timeout, inode.
    private static func connections() -> [Connection] {
        ((try? text("/proc/net/tcp")) ?? "").split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 9, fields[3] == "01" else { return nil }
            func last(_ field: Int) -> Int { Int(fields[field].split(separator: ":").last ?? "", radix: 16) ?? 0 }
            return Connection(local: last(1), remote: last(2), unread: last(4), inode: String(fields[9]))
        }
    }

    /// The whole file: Foundation reads no more of one without a length than the kernel gives at once.
    private static func text(_ path: String) throws -> String { try tool(["cat", path]) }

    private static func sockets(of pid: Int32) -> Set<String> {
        let folder = "/proc/\(pid)/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let targets = names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: folder + "/" + $0) }
        return Set(targets.filter { $0.hasPrefix("socket:[") }.map { String($0.dropFirst("socket:[".count).dropLast()) })
    }
}
