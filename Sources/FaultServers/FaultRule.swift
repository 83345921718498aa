/// What a fault proxy does to an answer. Offsets count the body's bytes as sent.
package enum Fault: Hashable, Sendable {
    /// The connection ends after this many bytes of the body.
    case cut(afterBytes: Int)
    /// Nothing comes after this many bytes, and the connection stays.
    case stall(afterBytes: Int)
    /// The body is this many bytes, and the head says so.
    case truncate(toBytes: Int)
    /// The proxy answers by itself, with `Retry-After` if given.
    case status(Int, retryAfter: String? = nil)
    /// `Range` and `If-Range` do not reach the server.
    case ignoreRange
    /// The lowest bit of one byte is turned.
    case flipBit(atByte: Int)
    /// No faster than this.
    case throttle(bytesPerSecond: Int)
}

/// Which requests have a fault, and how often.
package struct FaultRule: Sendable {
    /// What happens.
    package let fault: Fault
    /// Requests whose path and query contain this; all with an empty text.
    package let pathContains: String
    /// So many requests; nil = always.
    package var times: Int?

    /// A fault for requests, always unless `times` says otherwise.
    package init(_ fault: Fault, pathContains: String = "", times: Int? = nil) {
        self.fault = fault
        self.pathContains = pathContains
        self.times = times
    }
}

/// One request that went through a fault proxy.
package struct ProxiedRequest: Sendable {
    /// `GET`, …
    package let method: String
    /// Path and query.
    package let target: String
    /// As the client sent it.
    package let head: WireHead
    /// Body bytes that were given to the client so far.
    package internal(set) var bytesForwarded = 0
}
