import Glibc

/// Stands between a client and a plain HTTP server on 127.0.0.1 and breaks what its rules say. One request per connection.
package final class FaultProxy: @unchecked Sendable {
    private let upstreamPort: UInt16
    private let lock = ServerLock()
    private var rules: [FaultRule] = []
    private var log: [ProxiedRequest] = []
    private var listener: Listener?

    /// Listens on a free port from now on, until dropped.
    package init(upstreamPort: UInt16) throws {
        self.upstreamPort = upstreamPort
        listener = Listener { [weak self] in self?.serve($0) }
        guard listener != nil else { throw StubServer.NoSocket() }
    }

    /// Drawn at the start, kept through `down` and `up`.
    package var port: UInt16 { listener?.port ?? 0 }

    /// `http://127.0.0.1:port`.
    package var url: String { "http://127.0.0.1:\(port)" }

    /// From the next request on. All rules that fit a request apply to it.
    package func add(_ rule: FaultRule) { lock.withLock { rules.append(rule) } }

    /// No rule with this fault any more.
    package func remove(_ fault: Fault) { lock.withLock { rules.removeAll { $0.fault == fault } } }

    /// No faults any more.
    package func clearRules() { lock.withLock { rules = [] } }

    /// Connections are refused, open ones end.
    package func down() { listener?.down() }

    /// The same port answers again.
    package func up() { listener?.up() }

    /// What was asked, in order of arrival.
    package var requests: [ProxiedRequest] { lock.withLock { log } }

    /// Body bytes that clients were given, all requests together.
    package var bytesForwarded: Int { lock.withLock { log.reduce(0) { $0 + $1.bytesForwarded } } }

    private func serve(_ client: Wire) {
        let reader = WireReader(client)
        guard var head = reader.head() else { return }
        let faults = faults(for: head.word(1))
        let number = lock.withLock {
            log.append(ProxiedRequest(method: head.word(0), target: head.word(1), head: head))
            return log.count - 1
        }
        if let answer = faults.lazy.compactMap({ Self.answer($0) }).first {
            client.write(answer.bytes)
            client.endWriting()
            client.waitUntilGone()
            return
        }
        if faults.contains(.ignoreRange) {
            head.set("Range", nil)
            head.set("If-Range", nil)
        }
        head.set("Connection", "close")
        guard let upstream = Wire.connect(port: upstreamPort), upstream.write(head.bytes) else { return }
        forwardRequestBody(reader, upstream)
        AnswerPump(client: client, upstream: upstream, isHead: head.word(0) == "HEAD", faults: faults).run { count in
            self.lock.withLock { self.log[number].bytesForwarded += count }
        }
        upstream.hangUp()
    }

    private func faults(for target: String) -> [Fault] {
        lock.withLock {
            var found: [Fault] = []
            for index in rules.indices {
                let rule = rules[index]
                guard rule.times != 0, rule.pathContains.isEmpty || target.contains(rule.pathContains) else { continue }
                rules[index].times = rule.times.map { $0 - 1 }
                found.append(rule.fault)
            }
            return found
        }
    }

    private static func answer(_ fault: Fault) -> StubResponse? {
        guard case .status(let status, let retryAfter) = fault else { return nil }
        let headers = retryAfter.map { [(name: "Retry-After", value: $0)] } ?? []
        return StubResponse(status, headers: headers, body: Array("fault proxy".utf8))
    }

    /// On a thread of its own, because a server may answer before it has read everything.
    private func forwardRequestBody(_ reader: WireReader, _ upstream: Wire) {
        nonisolated(unsafe) let reader = reader
        _ = startThread {
            while true {
                let bytes = reader.bytes(max: 65536)
                guard !bytes.isEmpty, upstream.write(bytes) else { break }
            }
            upstream.endWriting()
        }
    }
}

/// Carries one answer from the server to the client and applies the faults on the way.
struct AnswerPump {
    let client: Wire
    let upstream: Wire
    let isHead: Bool
    let faults: [Fault]

    /// Blocks until the answer is over; `forwarded` hears of each portion of the body.
    func run(_ forwarded: (Int) -> Void) {
        let reader = WireReader(upstream)
        guard var head = reader.head() else { return }
        while head.word(1).hasPrefix("1") {
            client.write(head.bytes)
            guard let next = reader.head() else { return }
            head = next
        }
        var left = bodyLength(head)
        if let limit = truncation {
            left = min(limit, left ?? limit)
            head.set("Content-Length", left.map { String($0) })
        }
        head.set("Connection", "close")
        guard client.write(head.bytes) else { return }
        if isHead { return }
        pump(reader, left, forwarded)
    }

    private func pump(_ reader: WireReader, _ length: Int?, _ forwarded: (Int) -> Void) {
        var position = 0
        while position < length ?? .max {
            if let end = limit(\.cutEnd), position >= end { return }
            if let end = limit(\.stallEnd), position >= end { return client.waitUntilGone() }
            let boundary = [length, limit(\.cutEnd), limit(\.stallEnd)].compactMap { $0 }.min() ?? .max
            var bytes = reader.bytes(max: min(boundary - position, portion))
            guard !bytes.isEmpty else { return }
            if let flip = limit(\.flipped), flip >= position, flip < position + bytes.count { bytes[flip - position] ^= 1 }
            position += bytes.count
            forwarded(bytes.count)
            guard client.write(bytes) else { return }
            if let rate = limit(\.rate) { usleep(UInt32(bytes.count * 1_000_000 / max(1, rate))) }
        }
    }

    private func bodyLength(_ head: WireHead) -> Int? {
        let status = head.word(1)
        return status == "204" || status == "304" ? 0 : head.contentLength
    }

    /// Small portions make a smooth rate.
    private var portion: Int { limit(\.rate).map { max(1, min(16384, $0 / 20)) } ?? 16384 }

    private var truncation: Int? { limit(\.truncated) }

    private func limit(_ number: (Fault) -> Int?) -> Int? { faults.lazy.compactMap(number).first }
}

extension Fault {
    fileprivate var cutEnd: Int? { if case .cut(let bytes) = self { bytes } else { nil } }
    fileprivate var stallEnd: Int? { if case .stall(let bytes) = self { bytes } else { nil } }
    fileprivate var truncated: Int? { if case .truncate(let bytes) = self { bytes } else { nil } }
    fileprivate var flipped: Int? { if case .flipBit(let byte) = self { byte } else { nil } }
    fileprivate var rate: Int? { if case .throttle(let rate) = self { rate } else { nil } }
}
