import Synchronization
import UpgradePorts

/// Downloads of one node, in a few pieces, each as long as the link needs for it.
final class FleetTransfer: Transfer {
    private struct State {
        var running: [TransferID: FleetDownload] = [:]
        var begun = 0
    }

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
        let trouble = world.trouble()
        var download = FleetDownload(request, trouble: trouble, at: world.now(), latency: world.link.latency)
        do throws(TransferFailure) { download.object = try open(request, trouble) } catch { download.failure = error }
        return state.withLock { state in
            state.begun += 1
            let id = TransferID(number: state.begun)
            state.running[id] = download
            return id
        }
    }

    private func open(_ request: TransferRequest, _ trouble: DownloadTrouble?) throws(TransferFailure) -> HubTables.Object {
        let subject = request.url
        if world.isUntrusted() {
            world.bites("the hub is not believed")
            throw TransferFailure(.untrustedServer, subject: subject, explanation: "the certificate of the hub has expired")
        }
        switch trouble {
        case .redirect:
            world.bites("redirected")
            throw TransferFailure(.redirect, subject: subject, explanation: "redirected from https to http://elsewhere, which is not https")
        case .answers(let status):
            world.bites("the hub answers \(status) to a download")
            throw FleetHub.refusal(status, subject, retryAfter: [429, 503].contains(status) ? hub.retryAfter : nil)
        default: break
        }
        do throws(TransferFailure) {
            return try hub.take(subject) { tables throws(TransferFailure) in
                guard let object = tables.objects[subject], object.data != nil else { throw FleetHub.refusal(404, subject) }
                return object
            }
        } catch {
            if error.kind != .status(404) { world.unheard() }
            throw error
        }
    }

    func read(_ id: TransferID, max: Int) throws(TransferFailure) -> TransferPiece {
        guard var download = state.withLock({ $0.running[id] }) else {
            throw TransferFailure(.cancelled, subject: "transfer", explanation: "it was cancelled")
        }
        do throws(TransferFailure) {
            let piece = try download.read(max: max, world)
            if case .finished = piece { cancel(id) } else { state.withLock { [download] in $0.running[id] = download } }
            if case .bytes(let bytes) = piece, let object = download.object { hub.sent(object.wire(bytes.count)) }
            return piece
        } catch {
            cancel(id)
            throw error
        }
    }

    func wait(_ id: TransferID, atMost: Duration) {}

    func cancel(_ id: TransferID) {
        state.withLock { state in
            state.running[id] = nil
            if state.running.isEmpty { state.running = [:] }
        }
    }
}

extension HubTables.Object {
    /// Bytes on the wire that bytes of the small stand-in are.
    func wire(_ bytes: Int) -> Int64 { wireBytes * Int64(bytes) / Int64(Swift.max(1, data?.count ?? 1)) }
}

/// A node's way to the hub at this moment.
struct LinkWorld: Sendable {
    let link: Link
    let now: @Sendable () -> Duration
    let isCut: @Sendable () -> Bool
    let trouble: @Sendable () -> DownloadTrouble?
    let isUntrusted: @Sendable () -> Bool
    let bites: @Sendable (_ fault: String) -> Void
    let unheard: @Sendable () -> Void

    /// How long bytes are under way.
    func time(for bytes: Int64, atMost limit: Int64? = nil) -> Duration {
        let bandwidth = max(1, min(link.bandwidth, limit ?? .max))
        return .nanoseconds(Int64(Double(bytes) / Double(bandwidth) * 1e9))
    }
}
