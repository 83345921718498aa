import Glibc
import Synchronization

/// The first Ctrl-C, SIGTERM, or end of the terminal is a wish to clean up and end; the second ends at once.
enum Interrupt {
    private static let asked = Atomic<Bool>(false)

    /// True for a signal that whoever started us wants to have no effect, as `nohup` does.
    private static func isKept(_ number: Int32) -> Bool {
        var old = sigaction()
        sigaction(number, nil, &old)
        return unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    static var isAsked: Bool { asked.load(ordering: .relaxed) }

    /// Until `body` has ended.
    static func listening<Value>(_ body: () throws -> Value) rethrows -> Value {
        asked.store(false, ordering: .relaxed)
        let signals = [SIGINT, SIGTERM] + (isKept(SIGHUP) ? [] : [SIGHUP])
        let before = signals.map { number in
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
        for number in signals { sigaddset(&wanted, number) }
        pthread_sigmask(SIG_UNBLOCK, &wanted, &mask)
        defer { pthread_sigmask(SIG_SETMASK, &mask, nil) }
        return try body()
    }
}
