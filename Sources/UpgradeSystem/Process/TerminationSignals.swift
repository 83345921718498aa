import CSystemCalls
import Glibc

/// SIGTERM and SIGINT as something to wait for instead of something that interrupts.
///
/// Make it first of all, on the main thread: only threads that start later leave these signals alone.
package final class TerminationSignals: Sendable {
    /// Readable when one of them came.
    let descriptor: Descriptor

    /// Takes the two signals over for the whole process. Errors: out of descriptors.
    package init() throws(ProcessFailure) {
        do throws(SystemError) {
            descriptor = Descriptor(owning: try retrying { uplift_termination_signals() })
        } catch {
            throw ProcessFailure("cannot take over SIGTERM and SIGINT: \(error.reason)")
        }
    }

    /// Waits until one of them comes.
    package func wait() {
        descriptor.use { number in
            var waited = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
            while poll(&waited, 1, -1) < 0, errno == EINTR {}
        }
    }
}

/// Something about processes, sockets or signals that did not work.
package struct ProcessFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence.
    package let explanation: String

    /// Memberwise.
    package init(_ explanation: String) { self.explanation = explanation }

    package var description: String { explanation }
}
