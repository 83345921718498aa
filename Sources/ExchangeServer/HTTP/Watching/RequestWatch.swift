import Glibc
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore

/// Goes with every request from its head to the end of its answer: one line in the log, and the counters.
struct RequestWatch: Sendable {
    let meter: HubMeter
    let logger: Logger
    /// An answer that takes longer to begin is told at level notice.
    let slow: Duration

    /// The library's way to answer, with the watch around it.
    func around(_ responder: @escaping HTTPChannelHandler.Responder) -> HTTPChannelHandler.Responder {
        { request, writer, channel in
            var request = request
            if Self.hasBody(request.headers) {
                request.body = RequestBody(asyncSequence: WatchedBody(base: request.body, channel: channel))
            }
            let record = Self.record(of: request, channel)
            // A closure may not use up what it only captured; taking it out of the box may.
            var box: ResponseWriter? = consume writer
            do {
                try await RequestRecord.$current.withValue(record) { [request] in
                    if let writer = box.take() { try await responder(request, writer, channel) }
                }
                finish(record, isCut: false)
            } catch {
                // 408 was sent by the guard, which let nothing else out afterwards.
                finish(record, isCut: record.facts.status != 408)
                throw error
            }
        }
    }

    private static func hasBody(_ headers: HTTPFields) -> Bool {
        headers[.transferEncoding] != nil || (headers[.contentLength].map { $0 != "0" } ?? false)
    }

    private static func record(of request: Request, _ channel: any Channel) -> RequestRecord {
        let isForwarded = [HTTPField.Name("Forwarded"), HTTPField.Name("X-Forwarded-For")].contains { name in
            name.map { request.headers[$0] != nil } ?? false
        }
        return RequestRecord(
            id: HTTPField.Name("X-Request-Id").flatMap { request.headers[$0] }, method: request.method.rawValue,
            path: String(request.uri.path.prefix(500)), source: channel.remoteAddress?.source,
            isLocal: !isForwarded && channel.remoteAddress?.isOnThisMachine == true, channel: channel)
    }

    private func finish(_ record: RequestRecord, isCut: Bool) {
        let (facts, age) = (record.facts, record.age)
        meter.count(record, facts, age: age)
        let level: Logger.Level = facts.status >= 500 || (facts.wait ?? age) >= slow ? .notice : .info
        guard logger.logLevel <= level else { return }
        var metadata: Logger.Metadata = [
            "id": "\(record.id)", "method": "\(record.method)", "route": "\(facts.route ?? "none")", "path": "\(record.path)",
            "status": "\(facts.status)", "ms": "\(Self.milliseconds(age))", "bytes": "\(facts.bytes)",
        ]
        if let caller = facts.caller { metadata["caller"] = "\(Self.oneLine(caller))" }
        if isCut { metadata["cut"] = "true" }
        logger.log(level: level, "request", metadata: metadata)
    }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
    }

    /// Names of users are free text; none may begin a line of the log.
    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
    }
}

extension SocketAddress {
    /// The address as text; of IPv6 the first 64 bits, as hexadecimal digits.
    var source: String? {
        guard case .v6 = self, let text = ipAddress, !text.hasPrefix("::ffff:") else { return ipAddress }
        var bytes = [UInt8](repeating: 0, count: 16)
        return inet_pton(AF_INET6, text, &bytes) == 1 ? hexText(bytes.prefix(8)) : text
    }

    /// Whether this is an address of the loopback interface.
    var isOnThisMachine: Bool {
        guard let address = ipAddress else { return false }
        return address.hasPrefix("127.") || address.hasPrefix("::ffff:127.") || address == "::1"
    }
}
