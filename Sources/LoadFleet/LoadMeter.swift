import FleetSimulation
import Synchronization
import UpgradePorts

/// Real time since the beginning, which comes once.
final class LoadClock: Sendable {
    private let begin = Mutex<ContinuousClock.Instant?>(nil)

    /// Zero until it begins.
    var now: Duration { begin.withLock { $0.map { .now - $0 } ?? .zero } }

    func start() { begin.withLock { $0 = .now } }
}

/// Counts what goes to the hub and comes back.
final class LoadMeter: Sendable {
    private struct State {
        var bySecond: [Int] = []
        var polls = 0
        var calls = Histogram()
        var downloads = Histogram()
        var behind = Histogram()
        var answers: [String: Int] = [:]
        var errors: [String: Int] = [:]
        var sent: Int64 = 0
        var received: Int64 = 0
        var packages: Int64 = 0

        mutating func add(second: Int) {
            if second >= bySecond.count { bySecond += [Int](repeating: 0, count: second + 1 - bySecond.count) }
            bySecond[second] += 1
        }
    }

    /// One request that is over.
    struct Request {
        var began: Duration
        /// A status, or what came instead of one.
        var answer: Result<Int, TransferFailure>
        var sent = 0
        var received: Int64 = 0
        var isPoll = false
        var isDownload = false
    }

    /// What a hub says to a healthy node, too: nothing is there yet; another member of the group has the turn.
    private static let usual: Set<Int> = [404, 409]

    private let clock: LoadClock
    private let state = Mutex(State())

    init(_ clock: LoadClock) { self.clock = clock }

    var now: Duration { clock.now }

    func count(_ request: Request) {
        let time = clock.now - request.began
        state.withLock { state in
            state.add(second: Int(request.began.components.seconds))
            if request.isDownload { state.downloads.add(time) } else { state.calls.add(time) }
            if request.isPoll { state.polls += 1 }
            state.sent += Int64(request.sent)
            state.received += request.received
            if request.isDownload { state.packages += request.received }
            let (word, isError) = LoadMeter.word(request.answer)
            state.answers[word, default: 0] += 1
            if isError { state.errors[word, default: 0] += 1 }
        }
    }

    /// A node's work began so late.
    func late(_ time: Duration) { state.withLock { $0.behind.add(time) } }

    private static func word(_ answer: Result<Int, TransferFailure>) -> (String, isError: Bool) {
        switch answer {
        case .success(let status): return ("HTTP \(status)", status >= 400 && !usual.contains(status))
        case .failure(let failure):
            if case .status(let status) = failure.kind { return ("HTTP \(status)", !usual.contains(status)) }
            return ("\(failure.kind)", failure.kind != .cancelled)
        }
    }

    // MARK: Figures

    func fill(_ progress: inout LoadProgress) {
        let second = Int(clock.now.components.seconds) - 1
        state.withLock { state in
            (progress.polls, progress.requests) = (state.polls, state.bySecond.reduce(0, +))
            progress.perSecond = state.bySecond.indices.contains(second) ? state.bySecond[second] : 0
        }
    }

    func fill(_ report: inout LoadReport) {
        state.withLock { state in
            report.verdict.figures.requests = state.bySecond.reduce(0, +)
            report.verdict.figures.mostRequestsPerSecond = state.bySecond.max() ?? 0
            report.verdict.figures.bytes = state.packages
            (report.polls, report.sent, report.received) = (state.polls, state.sent, state.received)
            (report.calls, report.downloads, report.behind) = (state.calls.spread, state.downloads.spread, state.behind.spread)
            (report.answers, report.errors) = (state.answers, state.errors)
        }
    }
}

/// Every call is counted.
struct MeteredHTTP: HTTPCaller {
    let inner: any HTTPCaller
    let meter: LoadMeter

    func call(_ request: HTTPRequest) throws(TransferFailure) -> HTTPResponse {
        var counted = LoadMeter.Request(began: meter.now, answer: .success(0))
        counted.isPoll = request.url.hasSuffix("/changes")
        if case .bytes(let bytes) = request.body { counted.sent = bytes.count }
        defer { meter.count(counted) }
        do throws(TransferFailure) {
            let answer = try inner.call(request)
            (counted.answer, counted.received) = (.success(answer.status), Int64(answer.body.count))
            return answer
        } catch {
            counted.answer = .failure(error)
            throw error
        }
    }
}
