import CSystemCalls
import Glibc

/// A started program that is our own child. A descriptor tells its end, so that nobody's signals and nobody else's children matter.
final class ChildProcess: Sendable {
    /// How a program ended.
    enum End: Hashable, Sendable, CustomStringConvertible {
        case exit(Int32)
        case signal(Int32)

        var description: String {
            switch self {
            case .exit(let code): "exit \(code)"
            case .signal(let number): "signal \(number)"
            }
        }
    }

    /// Its process id, which is also that of its session and group. Valid until `reap` gave an end.
    let pid: pid_t
    /// Readable when it has ended.
    let ended: Descriptor

    /// Starts a program.
    init(_ request: Spawn.Request) throws(SystemError) {
        pid = try Spawn.start(request)
        let started = pid
        do throws(SystemError) {
            ended = Descriptor(owning: try retrying { uplift_process_descriptor(started) })
        } catch {
            // Nobody would notice its end, so it must not live.
            kill(-started, SIGKILL)
            var status: Int32 = 0
            while waitpid(started, &status, 0) < 0, errno == EINTR {}
            throw error
        }
    }

    /// Asks it, and only it, to end.
    func terminate() { kill(pid, SIGTERM) }

    /// Ends it and everything that it left in its group.
    func killGroup() { kill(-pid, SIGKILL) }

    /// How it ended; nil while it runs. What it left in its group and session is killed first, while the number still belongs to it.
    func reap() -> End? {
        switch uplift_child_ended(pid) {
        case 0: return nil
        case 1:
            killGroup()
            Session(leader: pid).kill()
        // Somebody else took its status; it is gone all the same.
        default: return .exit(-1)
        }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 { guard errno == EINTR else { return .exit(-1) } }
        let signal = status & 0x7F
        return signal == 0 ? .exit((status >> 8) & 0xFF) : .signal(signal)
    }
}
