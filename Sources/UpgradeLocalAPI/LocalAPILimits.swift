/// How much one connection, or one door, may take: a local API must not become a way to fill a small node's memory.
package struct LocalAPILimits: Sendable {
    /// Request line and header fields, bytes. More is 431.
    package var headBytesMax = 16 << 10
    /// Decoded body, bytes. More is 413.
    package var bodyBytesMax = 64 << 10
    /// From the first byte of a request to its last. Longer is 408.
    package var requestTime: Duration = .seconds(10)
    /// From connecting, or from the previous answer, to the first byte of a request. Longer closes without a word.
    package var idleTime: Duration = .seconds(10)
    /// For a reader to take one answer. Longer closes.
    package var writeTime: Duration = .seconds(10)
    /// After a last answer: how long unread input is thrown away, so that a client that is still sending gets to read it.
    package var lingerTime: Duration = .seconds(1)
    /// Open connections per door, so that a flood on TCP does not lock root out of the socket. Further ones are closed at once.
    package var connectionsMax = 64
    /// For requests under way when the server stops.
    package var stopTime: Duration = .seconds(2)

    /// The limits of the contract.
    package init() {}

    /// Everything of one request as it comes, chunk framing and trailers included: tiny chunks must not get around `bodyBytesMax`.
    var rawBytesMax: Int { headBytesMax + 2 * bodyBytesMax }
}
