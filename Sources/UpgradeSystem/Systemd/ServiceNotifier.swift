import Glibc
import Synchronization
import UpgradePorts

/// Tells systemd how this service is, by datagrams to the socket that the environment names. Source: sd_notify(3).
///
/// Without the variable nobody is told. A message that cannot be sent is dropped: systemd acts on silence, that is what the watchdog is for.
package final class ServiceNotifier: LifeSigns {
    private let address: [UInt8]?
    private let watchdog = Mutex<Int64?>(nil)

    /// Finds the socket in the environment; a name that begins with `@` is an abstract one.
    package init(environment: [String: String]) {
        guard let name = environment["NOTIFY_SOCKET"], let first = name.utf8.first, name.utf8.count > 1 else {
            address = nil
            return
        }
        switch first {
        case UInt8(ascii: "/"): address = Array(name.utf8)
        case UInt8(ascii: "@"): address = [0] + name.utf8.dropFirst()
        default: address = nil
        }
    }

    /// The service has started.
    package func ready(status: String) { send("READY=1\nSTATUS=\(status)") }

    /// One line for people who ask systemd.
    package func status(_ status: String) { send("STATUS=\(status)") }

    /// The watchdog waits three times as long as was promised, and no less than a unit's own time: a cycle of slow exchange calls may take
    /// minutes.
    package func alive(nextWithin time: Duration?) {
        let microseconds = time.map { max(3 * ($0.components.seconds + 1), 900) * 1_000_000 } ?? 0
        let isNew = watchdog.withLock { last in
            defer { last = microseconds }
            return last != microseconds
        }
        send("WATCHDOG=1" + (isNew ? "\nWATCHDOG_USEC=\(microseconds)" : ""))
    }

    private func send(_ text: String) {
        guard let address else { return }
        let number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { return }
        defer { close(number) }
        var target = sockaddr_un()
        target.sun_family = sa_family_t(AF_UNIX)
        guard address.count < MemoryLayout.size(ofValue: target.sun_path) else { return }
        withUnsafeMutableBytes(of: &target.sun_path) { $0.copyBytes(from: address) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.offset(of: \.sun_path).map { $0 + address.count } ?? 0)
        let bytes = Array(text.utf8)
        _ = withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                sendto(number, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), generic, length)
            }
        }
    }
}
