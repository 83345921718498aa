import CSystemCalls
import Glibc
import UpgradeModel

/// Where an agent hands its jobs over when systemd is its supervisor: the socket that systemd made and passed on, spoken to in the same words
/// as a supervisor's. Source: sd_listen_fds(3).
package final class InstallDoor {
    private static let requestTimeout: Duration = .seconds(5)
    private let listener: Descriptor

    /// Takes the passed socket over. Errors: none was passed to this process.
    ///
    /// - Parameter passed: its number, which systemd sets.
    package init(environment: [String: String], process: Int32, passed: Int32 = 3) throws(ProcessFailure) {
        guard environment["LISTEN_PID"] == String(process), environment["LISTEN_FDS"] == "1" else {
            throw ProcessFailure("no socket was passed to this process: it is started by uplift-recover.socket, not by hand")
        }
        listener = Descriptor(owning: passed)
        _ = fcntl(passed, F_SETFL, O_NONBLOCK)
    }

    /// The next job that is handed over; nil when none is in this time.
    package func next(atMost time: Duration) -> Ticket? {
        let deadline = Monotonic.now() + time
        while Monotonic.now() < deadline {
            guard isReadable(listener, until: deadline) else { continue }
            let number = listener.use { uplift_accept($0) }
            guard number >= 0 else { continue }
            if let ticket = serve(Descriptor(owning: number)) { return ticket }
        }
        return nil
    }

    private func serve(_ socket: Descriptor) -> Ticket? {
        let deadline = Monotonic.now() + Self.requestTimeout
        guard (try? PeerCredentials.of(socket).isTrusted) == true else { return nil }
        var client = SupervisorConnection(socket, deadline: deadline)
        while isReadable(socket, until: deadline) {
            switch client.readLine() {
            case nil: continue
            case .gone: return nil
            case .line(let line):
                guard case .install(let ticket)? = SupervisorRequest(line: line) else {
                    client.answer(.refused("systemd starts and stops the agent here; expected install <ticket>"))
                    return nil
                }
                client.answer(.done)
                return ticket
            }
        }
        return nil
    }

    private func isReadable(_ descriptor: Descriptor, until deadline: Duration) -> Bool {
        descriptor.use { number in
            var waited = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
            return poll(&waited, 1, Monotonic.pollTimeout(until: deadline, now: Monotonic.now())) > 0
        }
    }
}
