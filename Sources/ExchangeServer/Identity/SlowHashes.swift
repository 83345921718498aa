import ExchangeModel
import NIOConcurrencyHelpers
import NIOPosix

/// Few threads for hashes that are slow on purpose, with a bounded queue in which every address has its turn: guessing takes neither the
/// whole processor nor the places of those who guess less.
final class SlowHashes: Sendable {
    /// What the queue has done and holds, for `/metrics`.
    struct Figures: Sendable {
        /// Hashes that were asked for and taken into the queue, since the start.
        var taken = 0
        /// Under way or waiting.
        var waiting = 0
    }

    private let limits: LoginLimits
    private let threads: NIOThreadPool
    private let queue = NIOLockedValueBox(HashQueue())

    init(_ limits: LoginLimits) {
        self.limits = limits
        threads = NIOThreadPool(numberOfThreads: limits.threads)
        threads.start()
    }

    var figures: Figures { queue.withLockedValue { Figures(taken: $0.taken, waiting: $0.running + $0.waiting) } }

    /// Sends away everybody who waits, and who comes later: the hub stops.
    func refuseWaiting() {
        for caller in queue.withLockedValue({ $0.close() }) { caller.resume(throwing: Self.isFull) }
    }

    func close() async { try? await threads.shutdownGracefully() }

    /// Does slow work in turn.
    /// - Parameter source: Address of the caller; nil = not known.
    /// - Throws: 503 when the queue is full.
    func run<Result: Sendable>(source: String?, _ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await enter(source ?? "")
        defer { queue.withLockedValue { $0.leave() }?.resume() }
        return try await threads.runIfActive(work)
    }

    private func enter(_ source: String) async throws {
        try await withCheckedThrowingContinuation { (caller: HashQueue.Caller) in
            switch queue.withLockedValue({ [limits] in $0.enter(caller, source, limits) }) {
            case .go: caller.resume()
            case .wait(instead: let other): other?.resume(throwing: Self.isFull)
            case .refuse: caller.resume(throwing: Self.isFull)
            }
        }
    }

    private static let isFull = Refusal.tooMany("too many logins at once; try again", status: 503, retryAfter: 2)
}

/// Who waits for a slow hash, by address.
struct HashQueue {
    typealias Caller = CheckedContinuation<Void, any Error>

    /// What becomes of a newcomer.
    enum Answer {
        /// There is a free thread.
        case go
        /// It waits; another one may have lost its place.
        case wait(instead: Caller?)
        /// There is no place.
        case refuse
    }

    private var isOpen = true
    private(set) var taken = 0
    private(set) var running = 0
    private var callers: [String: [Caller]] = [:]
    /// Addresses with waiting callers; the first has its turn next.
    private var order: [String] = []

    var waiting: Int { callers.values.reduce(0) { $0 + $1.count } }

    mutating func enter(_ caller: Caller, _ source: String, _ limits: LoginLimits) -> Answer {
        guard isOpen else { return .refuse }
        if running < limits.threads {
            running += 1
            taken += 1
            return .go
        }
        let own = callers[source]?.count ?? 0
        guard own < limits.waitingPerSourceMax else { return .refuse }
        var other: Caller?
        if waiting >= limits.waitingMax {
            guard let longest = callers.max(by: { $0.value.count < $1.value.count }), longest.value.count > own + 1 else { return .refuse }
            other = callers[longest.key]?.popLast()
        }
        if own == 0 { order.append(source) }
        callers[source, default: []].append(caller)
        taken += 1
        return .wait(instead: other)
    }

    /// Nobody gets a place any more.
    /// - Returns: who waited.
    mutating func close() -> [Caller] {
        isOpen = false
        defer { (callers, order) = ([:], []) }
        return callers.values.flatMap(\.self)
    }

    /// One is done.
    /// - Returns: who goes on in its place.
    mutating func leave() -> Caller? {
        guard !order.isEmpty else {
            running -= 1
            return nil
        }
        let source = order.removeFirst()
        let next = callers[source]?.removeFirst()
        if callers[source]?.isEmpty == true { callers[source] = nil } else { order.append(source) }
        return next
    }
}
