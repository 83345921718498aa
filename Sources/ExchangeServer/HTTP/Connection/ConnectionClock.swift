import NIOCore

/// Decides when a client was given enough time. Pure: it is told what happens and when.
struct ConnectionClock {
    /// Why a connection is given up; the words are labels of `/metrics`.
    enum Reason: String, CaseIterable {
        /// The first request head did not become complete.
        case head = "slow_head"
        /// No further request came.
        case idle
        /// The body stood still, or nearly.
        case body = "slow_body"
        /// The client does not read its answer.
        case answer = "slow_reader"
    }

    /// What is read next.
    private enum Reading {
        case head(since: NIODeadline)
        case body(since: NIODeadline, bytes: Int)
    }

    private let limits: ConnectionLimits
    private var reading: Reading
    private var isFirst = true
    private var unanswered = 0
    private var answer: (since: NIODeadline, pending: Int)?

    init(_ limits: ConnectionLimits, opened: NIODeadline) {
        self.limits = limits
        reading = .head(since: opened)
    }

    mutating func noteHead(at now: NIODeadline) {
        isFirst = false
        unanswered += 1
        reading = .body(since: now, bytes: 0)
    }

    mutating func noteBody(_ count: Int) {
        if case .body(let since, let bytes) = reading { reading = .body(since: since, bytes: bytes + count) }
    }

    mutating func noteEnd(at now: NIODeadline) { reading = .head(since: now) }

    mutating func noteAnswered(at now: NIODeadline) {
        unanswered -= 1
        if case .head = reading { reading = .head(since: now) }
    }

    /// New bytes of an answer: the client took enough of the earlier ones.
    mutating func noteWrite() { answer = nil }

    /// What must end the connection now, if anything.
    /// - Parameters:
    ///   - isListening: Whether the hub waits for bytes; a client is not blamed while the hub itself is busy.
    ///   - pending: Bytes of answers that the client has not taken.
    mutating func verdict(at now: NIODeadline, isListening: Bool, pending: Int) -> Reason? {
        if let reason = answerVerdict(at: now, pending: pending) { return reason }
        switch reading {
        case .head(let since):
            guard unanswered == 0, pending == 0 else { return nil }
            let bound = isFirst ? limits.head : limits.idle
            return now - since >= TimeAmount(bound) ? (isFirst ? .head : .idle) : nil
        case .body(let since, let bytes):
            guard isListening else {
                reading = .body(since: now, bytes: 0)
                return nil
            }
            if now - since < TimeAmount(limits.bodyWindow) { return nil }
            if bytes < limits.bodyBytesPerWindow { return .body }
            reading = .body(since: now, bytes: 0)
            return nil
        }
    }

    private mutating func answerVerdict(at now: NIODeadline, pending: Int) -> Reason? {
        guard pending > 0 else {
            answer = nil
            return nil
        }
        guard let answer, pending >= answer.pending else {
            answer = (now, pending)
            return nil
        }
        return now - answer.since >= TimeAmount(limits.answer) ? .answer : nil
    }
}
