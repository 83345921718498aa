/// Answers one request of the agent's local API: the routes, without any transport. Source: contract 3.
package protocol LocalAPIHandler: Sendable {
    /// The answer to one admitted request. May block: it runs on one of two worker threads, so both calls can be under way at once.
    ///
    /// 404, 405 with `Allow`, and `OPTIONS` are decided here. To `HEAD` answer as to `GET`: the transport leaves the body out.
    func respond(to request: LocalRequest) -> LocalResponse
}

/// One complete request that the transport has admitted: peer, `Host`, size and time are already checked.
package struct LocalRequest: Sendable {
    /// Upper case as sent: `GET`, `PUT`, …
    package let method: String
    /// The path, split at `/` before each part was percent-decoded, so an encoded slash stays inside its part.
    ///
    /// `/` is empty; one trailing slash counts for nothing.
    package let path: [String]
    /// In the order sent, decoded (`+` is a space). A part without `=` has an empty value.
    package let query: [(name: String, value: String)]
    /// At most 64 KiB.
    package let body: [UInt8]
    /// Where it came in.
    package let door: LocalDoor
    /// The `Host` header as sent; nil when absent.
    package let host: String?

    /// A request as a test or the transport makes it.
    package init(
        method: String, path: [String], query: [(name: String, value: String)] = [], body: [UInt8] = [],
        door: LocalDoor = .tcp, host: String? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.door = door
        self.host = host
    }

    /// Whether it may change something: every method but `GET`, `HEAD` and `OPTIONS`. Never true for a request that came in by TCP.
    package var isChanging: Bool { !["GET", "HEAD", "OPTIONS"].contains(method) }

    /// The first value of this name; nil when it is absent, which is not the same as empty.
    package func value(_ name: String) -> String? { query.first { $0.name == name }?.value }
}

/// The two ways in.
package enum LocalDoor: Hashable, Sendable {
    /// The unix socket: reads and changes.
    case unixSocket(peer: PeerIdentity)
    /// 127.0.0.1: reads only, from any local user.
    case tcp
}

/// Who is at the other end of the unix socket, as the kernel noted it at `connect`. Source: `SO_PEERCRED`, unix(7).
package struct PeerIdentity: Hashable, Sendable {
    /// Effective user.
    package let uid: UInt32
    /// Effective primary group.
    package let gid: UInt32
    /// Process; only for messages, since it may have ended.
    package let pid: Int32

    /// Memberwise.
    package init(uid: UInt32, gid: UInt32, pid: Int32) {
        self.uid = uid
        self.gid = gid
        self.pid = pid
    }
}

/// One answer; the transport adds length, `Cache-Control` and `X-Content-Type-Options`.
package struct LocalResponse: Sendable {
    /// HTTP status code.
    package let status: Int
    /// For `Content-Type`; left out when the body is empty.
    package let contentType: String
    /// The whole body.
    package let body: [UInt8]
    /// Further headers, such as `Allow`. Names and values come from our own code, never from a request.
    package let headers: [(name: String, value: String)]

    /// A body of JSON unless said otherwise.
    package init(
        _ status: Int, body: [UInt8] = [], contentType: String = "application/json",
        headers: [(name: String, value: String)] = []
    ) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.headers = headers
    }
}
