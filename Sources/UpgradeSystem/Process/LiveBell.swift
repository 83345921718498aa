import CSystemCalls
import Glibc
import Synchronization
import UpgradePorts

/// A bell on an event descriptor and a timer.
///
/// Why a timer: it counts the time that the machine sleeps, so a node that wakes up late notices at once what is due.
final class LiveBell: Bell {
    private let event: Descriptor?
    private let timer: Descriptor?

    init() {
        event = try? Descriptor(owning: retrying { uplift_event() })
        timer = try? Descriptor(owning: retrying { uplift_timer() })
    }

    func ring() {
        var one: UInt64 = 1
        _ = event?.use { write($0, &one, 8) }
    }

    func wait(atMost limit: Duration?) {
        // Out of descriptors: looking again soon is slow, and never misses a ring.
        guard let event, let timer else {
            usleep(100_000)
            return
        }
        set(timer, to: limit)
        event.use { ring in
            timer.use { time in
                var waited = [pollfd(fd: ring, events: Int16(POLLIN), revents: 0), pollfd(fd: time, events: Int16(POLLIN), revents: 0)]
                while poll(&waited, 2, -1) < 0, errno == EINTR {}
                var count: UInt64 = 0
                _ = read(ring, &count, 8)
            }
        }
    }

    private func set(_ timer: Descriptor, to limit: Duration?) {
        let parts = limit.map { max($0, .nanoseconds(1)).components } ?? (seconds: 0, attoseconds: 0)
        // A tick more than asked for, because zero would mean never.
        let nanoseconds = parts.attoseconds / 1_000_000_000 + (limit == nil ? 0 : 1)
        _ = timer.use { uplift_timer_set($0, parts.seconds, min(nanoseconds, 999_999_999)) }
    }
}
