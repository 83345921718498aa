/// What one connection may cost. Slow and silent clients would otherwise hold the hub's connections for good.
package struct ConnectionLimits: Sendable {
    /// How long the first request head may take, with the TLS handshake.
    package var head: Duration = .seconds(10)
    /// How long a connection may wait for the next request head.
    package var idle: Duration = .seconds(75)
    /// How long a request body may come in at less than ``bodyBytesPerWindow``.
    package var bodyWindow: Duration = .seconds(10)
    /// The least that must come of a body in each ``bodyWindow``. Bytes.
    package var bodyBytesPerWindow = 4096
    /// How long an answer may wait without the client taking anything of it.
    package var answer: Duration = .seconds(60)
    /// How much of an answer the kernel keeps for a client. Bytes; it says so only when a third is taken, and by that a client's progress
    /// is judged.
    package var sendBufferBytes = 128 * 1024
    /// How much of a body is read after it was refused, so that the connection can go on. Bytes.
    package var refusedBytesMax = 64 * 1024
    /// How long a client may take to read the answer before the rest of its body is cut off.
    package var linger: Duration = .seconds(2)
    /// How many connections are open at once; more wait to be accepted.
    package var connectionsMax = 16_384

    /// The usual limits.
    package init() {}

    /// How often a connection is looked at: a fraction of the shortest bound.
    var tick: Duration { min(head, idle, bodyWindow, answer) / 4 }
}
