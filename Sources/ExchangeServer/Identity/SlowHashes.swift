import ExchangeModel
import NIOConcurrencyHelpers
import NIOPosix

/// Few threads for hashes that are slow on purpose, with a bounded queue: guessing takes neither the hub's processor nor everybody's time.
final class SlowHashes: Sendable {
    /// What the queue has done and holds, for `/metrics`.
    struct Figures: Sendable {
        /// Hashes that were asked for and taken into the queue, since the start.
        var taken = 0
        /// How many each source has under way or waiting.
        fileprivate var bySource: [String: Int] = [:]
        /// Under way or waiting.
        var waiting: Int { bySource.values.reduce(0, +) }
    }

    private let limits: LoginLimits
    private let threads: NIOThreadPool
    private let box = NIOLockedValueBox(Figures())

    init(_ limits: LoginLimits) {
        self.limits = limits
        threads = NIOThreadPool(numberOfThreads: limits.threads)
        threads.start()
    }

    var figures: Figures { box.withLockedValue { $0 } }

    func close() async { try? await threads.shutdownGracefully() }

    /// Does slow work in turn.
    /// - Parameter source: Address of the caller; nil = not known.
    /// - Throws: 503 when the queue is full.
    func run<Result: Sendable>(source: String?, _ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        let source = source ?? ""
        try enter(source)
        defer { leave(source) }
        return try await threads.runIfActive(work)
    }

    private func enter(_ source: String) throws {
        let isFree = box.withLockedValue { [limits] figures in
            let own = figures.bySource[source] ?? 0
            guard own < limits.waitingPerSourceMax, figures.waiting < limits.waitingMax else { return false }
            figures.bySource[source] = own + 1
            figures.taken += 1
            return true
        }
        if !isFree { throw Refusal.tooMany("too many logins at once; try again", status: 503, retryAfter: 2) }
    }

    private func leave(_ source: String) {
        box.withLockedValue { figures in
            let rest = (figures.bySource[source] ?? 1) - 1
            figures.bySource[source] = rest > 0 ? rest : nil
        }
    }
}
