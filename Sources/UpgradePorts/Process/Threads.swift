/// Threads of the live drivers: blocking ports run on these, never on an event loop or a cooperative pool.
package protocol Threads: Sendable {
    /// Starts a thread that runs the body to its end.
    func start(_ name: String, _ body: @escaping @Sendable () -> Void)
    /// Something that one thread waits on and others ring.
    func makeBell() -> any Bell
}

/// A wake-up call that is not lost: a ring before the wait ends the next wait at once.
package protocol Bell: Sendable {
    /// Wakes the waiting thread, or the next one that comes to wait.
    func ring()
    /// Waits for a ring, at most this long; nil = for as long as it takes.
    func wait(atMost: Duration?)
}
