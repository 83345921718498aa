import Glibc
import Synchronization

/// The first Ctrl-C or SIGTERM is a wish to clean up and end; the second ends at once.
enum Interrupt {
    private static let asked = Atomic<Bool>(false)

    static var isAsked: Bool { asked.load(ordering: .relaxed) }

    /// Until `body` has ended.
    static func listening<Value>(_ body: () throws -> Value) rethrows -> Value {
        asked.store(false, ordering: .relaxed)
        let before = [SIGINT, SIGTERM].map { number in
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { _ in Interrupt.asked.store(true, ordering: .relaxed) }
            action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
            var old = sigaction()
            sigaction(number, &action, &old)
            return (number, old)
        }
        defer {
            for (number, old) in before {
                var old = old
                sigaction(number, &old, nil)
            }
        }
        // Who started us may have kept them from us.
        var (wanted, mask) = (sigset_t(), sigset_t())
        sigemptyset(&wanted)
        for number in [SIGINT, SIGTERM] { sigaddset(&wanted, number) }
        pthread_sigmask(SIG_UNBLOCK, &wanted, &mask)
        defer { pthread_sigmask(SIG_SETMASK, &mask, nil) }
        return try body()
    }
}
