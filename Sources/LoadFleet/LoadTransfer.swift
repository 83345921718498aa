import FleetSimulation
import Synchronization
import UpgradePorts

/// Downloads whole packages from the true hub and hands their stand-ins to the nodes. Only so many at once: each is a thread and some
/// descriptors; others wait for their turn.
final class LoadTransfer: Transfer {
    /// How soon a download without news is looked at again.
    static let pause: Duration = .milliseconds(20)
    /// Downloads at once.
    static let downloadsMax = 128

    private struct Run {
        let request: TransferRequest
        let item: LoadShelf.Item
        /// nil: waits for its turn.
        var inner: TransferID?
        var began: Duration = .zero
        var received = 0
        /// Of the stand-in, once all of the package has come.
        var rest: ArraySlice<UInt8>?
    }

    private struct State {
        var runs: [TransferID: Run] = [:]
        var underWay = 0
        var begun = 0
    }

    private let inner: any Transfer
    private let shelf: LoadShelf
    private let meter: LoadMeter
    private let state = Mutex(State())

    init(_ inner: any Transfer, _ shelf: LoadShelf, _ meter: LoadMeter) {
        (self.inner, self.shelf, self.meter) = (inner, shelf, meter)
    }

    /// Downloads that run now.
    var underWay: Int { state.withLock { $0.underWay } }

    /// From the beginning, whatever of the stand-in is there already.
    func begin(_ request: TransferRequest) -> TransferID {
        let item = shelf.item(url: request.url)
        var whole = request
        (whole.offset, whole.ifRange) = (0, nil)
        return state.withLock { [whole] state in
            state.begun += 1
            let id = TransferID(number: state.begun)
            state.runs[id] = item.map { Run(request: whole, item: $0) }
            return id
        }
    }

    func read(_ id: TransferID, max: Int) throws(TransferFailure) -> TransferPiece {
        guard var run = state.withLock({ $0.runs[id] }) else {
            throw TransferFailure(.cancelled, subject: "transfer", explanation: "it was cancelled, or is for no file of this run")
        }
        if run.rest != nil { return give(id, &run, max) }
        guard let under = begun(&run) else { return .pending }
        do throws(TransferFailure) {
            let piece = try drain(under, &run)
            state.withLock { $0.runs[id] = run }
            return piece
        } catch {
            end(id, run, .failure(error))
            throw error
        }
    }

    /// Begins it when there is room.
    private func begun(_ run: inout Run) -> TransferID? {
        if let inner = run.inner { return inner }
        let isFree = state.withLock { state in
            guard state.underWay < LoadTransfer.downloadsMax else { return false }
            state.underWay += 1
            return true
        }
        guard isFree else { return nil }
        (run.inner, run.began) = (inner.begin(run.request), meter.now)
        return run.inner
    }

    /// All that is there. A package that is not whole was none.
    private func drain(_ under: TransferID, _ run: inout Run) throws(TransferFailure) -> TransferPiece {
        while true {
            switch try inner.read(under, max: 1 << 18) {
            case .pending: return .pending
            case .response(let head):
                let length = Int64(run.item.object.data?.count ?? 0)
                return .response(TransferResponse(status: 200, etag: head.etag, offset: 0, totalLength: length))
            case .bytes(let bytes):
                guard run.item.wire.dropFirst(run.received).prefix(bytes.count).elementsEqual(bytes) else {
                    throw failure(run, "the hub gives other bytes than were put there, after \(run.received)")
                }
                run.received += bytes.count
            case .finished:
                guard run.received == run.item.wire.count else {
                    throw failure(run, "\(run.received) bytes came, expected \(run.item.wire.count)")
                }
                count(run, .success(200))
                run.rest = (run.item.object.data ?? [])[...]
                return .pending
            }
        }
    }

    private func failure(_ run: Run, _ why: String) -> TransferFailure {
        TransferFailure(.other, subject: run.request.url, explanation: why)
    }

    private func give(_ id: TransferID, _ run: inout Run, _ max: Int) -> TransferPiece {
        let piece = Array((run.rest ?? []).prefix(max))
        run.rest = run.rest?.dropFirst(piece.count)
        let isOver = piece.isEmpty
        state.withLock { [run] state in state.runs[id] = isOver ? nil : run }
        return isOver ? .finished : .bytes(piece)
    }

    func wait(_ id: TransferID, atMost: Duration) {}

    func cancel(_ id: TransferID) {
        guard let run = state.withLock({ $0.runs[id] }) else { return }
        if let under = run.inner, run.rest == nil {
            inner.cancel(under)
            end(id, run, .failure(TransferFailure(.cancelled, subject: run.request.url, explanation: "the node gave it up")))
        }
        state.withLock { $0.runs[id] = nil }
    }

    private func end(_ id: TransferID, _ run: Run, _ answer: Result<Int, TransferFailure>) {
        count(run, answer)
        state.withLock { $0.runs[id] = nil }
    }

    /// It is over: there is room for another.
    private func count(_ run: Run, _ answer: Result<Int, TransferFailure>) {
        state.withLock { $0.underWay -= 1 }
        var request = LoadMeter.Request(began: run.began, answer: answer)
        (request.received, request.isDownload) = (Int64(run.received), true)
        meter.count(request)
    }
}
