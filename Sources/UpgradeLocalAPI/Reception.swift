import Logging
import NIOCore
import NIOHTTP1
import UpgradePorts

/// Receives the connections of one door. Lives on the event loop only.
final class Reception {
    /// The door has as many connections as it takes.
    struct Full: Error {}

    private let service: Connection.Service
    /// Nil for TCP.
    private let peerRule: PeerRule?
    private let logger: Logger
    private var open: [ObjectIdentifier: Connection] = [:]
    private var emptied: EventLoopPromise<Void>?

    init(service: Connection.Service, peerRule: PeerRule?, logger: Logger) {
        self.service = service
        self.peerRule = peerRule
        self.logger = logger
    }

    /// Sets up an accepted connection, or throws to have it closed at once.
    func welcome(_ channel: any Channel) throws {
        guard open.count < service.limits.connectionsMax, emptied == nil else { throw Full() }
        let pipeline = channel.pipeline.syncOperations
        let admission = try pipeline.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { descriptor in
            ListeningSocket.closeOnExec(descriptor)
            return try self.admission(of: descriptor)
        }
        guard let admission else { throw ChannelError.operationUnsupported }
        let connection = Connection(service: service, admission: admission)
        try pipeline.addHandlers([
            ByteMeter(connection), HTTPResponseEncoder(), ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)),
            connection,
        ])
        let id = ObjectIdentifier(connection)
        open[id] = connection
        channel.closeFuture.assumeIsolated().whenComplete { _ in self.left(id) }
    }

    /// Lets requests under way finish and takes no new ones. The promise is kept when the last connection is gone.
    func closeSoon(_ promise: EventLoopPromise<Void>) {
        emptied = promise
        if open.isEmpty { return promise.succeed() }
        for connection in open.values { connection.endSoon() }
    }

    /// Ends what is still open.
    func closeNow() {
        for connection in open.values { connection.context?.close(promise: nil) }
    }

    private func left(_ id: ObjectIdentifier) {
        open[id] = nil
        if open.isEmpty { emptied?.succeed() }
    }

    private func admission(of descriptor: Int32) throws -> AdmissionRule {
        guard let peerRule else { return AdmissionRule(door: .tcp, peerRefusal: nil) }
        guard let peer = PeerCredentials.identity(of: descriptor) else { throw ChannelError.operationUnsupported }
        guard peerRule.admits(peer, groups: PeerCredentials.groups(of: descriptor)) else {
            logger.warning("local API: peer refused", metadata: ["uid": "\(peer.uid)", "pid": "\(peer.pid)"])
            return AdmissionRule(door: .unixSocket(peer: peer), peerRefusal: peerRule.refusal(of: peer))
        }
        return AdmissionRule(door: .unixSocket(peer: peer), peerRefusal: nil)
    }
}
