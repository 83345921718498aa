import Synchronization
import UpgradePorts

/// Downloads of one node, in a few pieces, each as long as the link needs for it.
final class FleetTransfer: Transfer {
    private struct Running {
        let request: TransferRequest
        let object: HubTables.Object?
        let failure: TransferFailure?
        var hasHead = false
        var position: Int
        /// When the next piece is there.
        var ready: Duration
        /// Since when nothing came.
        var lastNews: Duration
    }

    private struct State {
        var running: [TransferID: Running] = [:]
        var begun = 0
    }

    private static let pieces = 8

    private let hub: FleetHub
    private let world: LinkWorld
    private let state = Mutex(State())

    init(hub: FleetHub, world: LinkWorld) {
        self.hub = hub
        self.world = world
    }

    /// When there is news of a transfer.
    func ready(_ id: TransferID) -> Duration { state.withLock { $0.running[id]?.ready ?? .zero } }

    func begin(_ request: TransferRequest) -> TransferID {
        let (object, failure) = open(request)
        let now = world.now()
        return state.withLock { state in
            state.begun += 1
            let id = TransferID(number: state.begun)
            state.running[id] = Running(
                request: request, object: object, failure: failure, position: Int(request.offset), ready: now + world.link.latency,
                lastNews: now)
            return id
        }
    }

    private func open(_ request: TransferRequest) -> (HubTables.Object?, TransferFailure?) {
        do throws(TransferFailure) {
            let object = try hub.take(request.url) { tables throws(TransferFailure) in
                guard let object = tables.objects[request.url], object.data != nil else { throw FleetHub.refusal(404, request.url) }
                return object
            }
            return (object, nil)
        } catch { return (nil, error) }
    }

    func read(_ id: TransferID, max: Int) throws(TransferFailure) -> TransferPiece {
        let now = world.now()
        guard var running = state.withLock({ $0.running[id] }) else {
            throw TransferFailure(.cancelled, subject: "transfer", explanation: "it was cancelled")
        }
        defer { state.withLock { state in if state.running[id] != nil { state.running[id] = running } } }
        guard now >= running.ready else { return .pending }
        if world.isCut() {
            guard now < running.lastNews + running.request.lowSpeedTime else {
                throw TransferFailure(.timeout, subject: running.request.url, explanation: "nothing came for too long")
            }
            running.ready = now + .seconds(1)
            return .pending
        }
        running.lastNews = now
        if let failure = running.failure { throw failure }
        guard let object = running.object, let data = object.data else { return .finished }
        if !running.hasHead { return head(&running, object, data.count) }
        guard running.position < data.count else { return .finished }
        let size = Swift.max(1, (data.count + FleetTransfer.pieces - 1) / FleetTransfer.pieces)
        let end = Swift.min(running.position + Swift.min(size, max), data.count)
        defer { running.position = end }
        let wire = FleetTransfer.wire(object, end - running.position)
        hub.sent(wire)
        running.ready = now + world.time(for: wire)
        return .bytes(Array(data[running.position..<end]))
    }

    /// The first piece comes as late as any other. A body from the middle only while it is the same object.
    private func head(_ running: inout Running, _ object: HubTables.Object, _ length: Int) -> TransferPiece {
        running.hasHead = true
        let isResumed = running.position > 0 && running.request.ifRange == object.etag
        if !isResumed { running.position = 0 }
        running.ready = world.now() + world.time(for: object.wireBytes / Int64(FleetTransfer.pieces))
        return .response(
            TransferResponse(
                status: isResumed ? 206 : 200, etag: object.etag, offset: Int64(running.position), totalLength: Int64(length)))
    }

    /// Bytes on the wire that bytes of the small stand-in are.
    private static func wire(_ object: HubTables.Object, _ bytes: Int) -> Int64 {
        object.wireBytes * Int64(bytes) / Int64(Swift.max(1, object.data?.count ?? 1))
    }

    func wait(_ id: TransferID, atMost: Duration) {}

    func cancel(_ id: TransferID) { _ = state.withLock { $0.running.removeValue(forKey: id) } }
}

/// A node's way to the hub at this moment.
struct LinkWorld: Sendable {
    let link: Link
    let now: @Sendable () -> Duration
    let isCut: @Sendable () -> Bool

    /// How long bytes are under way.
    func time(for bytes: Int64) -> Duration { .nanoseconds(Int64(Double(bytes) / Double(max(1, link.bandwidth)) * 1e9)) }
}
