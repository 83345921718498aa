import NIOConcurrencyHelpers
import NIOCore

/// What is known of one request, for the log, for `/metrics`, and for the rules that ask where it comes from. Holds no secret.
final class RequestRecord: Sendable {
    /// The record of the request that this task answers.
    @TaskLocal static var current: RequestRecord?

    /// What is filled in on the way.
    struct Facts: Sendable {
        /// Pattern of the route, such as `v1/orgs/{org}`; nil = there is no such route.
        var route: String?
        /// Status of the answer; 0 = there was none.
        var status = 0
        /// Length of the answer's body.
        var bytes = 0
        /// `org/id` of who was believed to ask.
        var caller: String?
        /// How long the answer took to begin.
        var wait: Duration?
    }

    /// Sent back as `X-Request-Id`.
    let id: String
    /// The method as it came.
    let method: String
    /// The path as it came, without the query.
    let path: String
    /// The address that the connection comes from (of IPv6 its network, which is one client's as a rule); a proxy's own, not what it says.
    let source: String?
    /// Whether the client is on this machine, and no proxy speaks for another one.
    let isLocal: Bool
    /// The connection that it came on; nil = none.
    let channel: (any Channel)?
    private let start = ContinuousClock().now
    private let box = NIOLockedValueBox(Facts())

    /// - Parameter id: The client's own id; one that could disturb a log is replaced.
    init(id: String?, method: String, path: String, source: String?, isLocal: Bool, channel: (any Channel)? = nil) {
        self.id = id.flatMap { Self.isSound($0) ? $0 : nil } ?? Self.freshID()
        self.method = method
        self.path = path
        self.source = source
        self.isLocal = isLocal
        self.channel = channel
    }

    var facts: Facts { box.withLockedValue { $0 } }

    /// Time since the request's head.
    var age: Duration { ContinuousClock().now - start }

    func note(_ change: (inout Facts) -> Void) { box.withLockedValue { change(&$0) } }

    private static func isSound(_ id: String) -> Bool {
        (1...64).contains(id.utf8.count) && id.utf8.allSatisfy { isWordSign($0) }
    }

    private static func isWordSign(_ sign: UInt8) -> Bool {
        switch sign {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
    }

    private static func freshID() -> String {
        let text = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
