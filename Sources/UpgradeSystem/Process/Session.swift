import Glibc

/// The processes of one session, found in `/proc`: what the commands of an ended installer started is in groups of its own, and must not meet
/// the commands of its successor.
struct Session {
    let leader: pid_t

    /// Kills every member but the leader, which has ended. Members may start others meanwhile, so it looks again, a bounded number of times.
    func kill() {
        for _ in 0..<8 {
            let found = members()
            if found.isEmpty { return }
            for member in found { _ = Glibc.kill(member, SIGKILL) }
        }
    }

    private func members() -> [pid_t] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var found: [pid_t] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let process = pid_t(name), process != leader, isLivingMember(process) { found.append(process) }
        }
        return found
    }

    /// The fields after the name, which may hold anything: state, parent, group, session.
    private func isLivingMember(_ process: pid_t) -> Bool {
        let file = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = read(file, &bytes, bytes.count)
        guard count > 0, let end = bytes[..<count].lastIndex(of: UInt8(ascii: ")")) else { return false }
        let fields = bytes[bytes.index(after: end)..<count].split(separator: UInt8(ascii: " "))
        guard fields.count > 3, fields[0] != [UInt8(ascii: "Z")] else { return false }
        return pid_t(String(decoding: fields[3], as: UTF8.self)) == leader
    }
}
