import Glibc

/// Threads of our own, because a blocked callback must not hold one of Swift's.
enum Threads {
    private final class Body {
        let name: String
        let run: @Sendable () -> Void

        init(_ name: String, _ run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// Runs `body` on a new thread that nobody joins: it owns all that it touches. False when there is no thread to be had.
    ///
    /// The name, at most 15 bytes, is what `ps -L` shows.
    static func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let box = Unmanaged.passRetained(Body(name, body))
        var thread = pthread_t()
        let result = pthread_create(&thread, &attributes, runBody, box.toOpaque())
        if result != 0 { box.release() }
        return result == 0
    }

    private static let runBody: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
        // Signals are for the threads that wait for them; SIGPIPE, which OpenSSL's writes can raise, is for nobody.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        guard let context else { return nil }
        let body = Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
        setName(body.name)
        body.run()
        return nil
    }

    /// Through `/proc`, because Glibc hides `pthread_setname_np` from Swift. A thread without a name works as well.
    private static func setName(_ name: String) {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = write(file, name, name.utf8.count)
        close(file)
    }
}

/// Keeps SIGPIPE off a thread that is not ours while libcurl writes on it.
struct PipeSignalGuard {
    private var before = sigset_t()
    private let wasPending: Bool

    /// Begins.
    init() {
        var pending = sigset_t()
        sigpending(&pending)
        wasPending = sigismember(&pending, SIGPIPE) == 1
        var pipe = Self.pipe
        pthread_sigmask(SIG_BLOCK, &pipe, &before)
    }

    /// Ends: swallows what was raised meanwhile and puts the mask back.
    func end() {
        var pipe = Self.pipe
        var now = timespec(tv_sec: 0, tv_nsec: 0)
        if !wasPending { sigtimedwait(&pipe, nil, &now) }
        var mask = before
        pthread_sigmask(SIG_SETMASK, &mask, nil)
    }

    private static var pipe: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGPIPE)
        return set
    }
}
