import Dispatch
import Glibc
import Logging
import NIOCore
import NIOPosix
import Synchronization
import UpgradePorts

/// The agent's local API: a unix socket for reads and changes, 127.0.0.1 for reads; nothing else is listened on. Source: contract 3.
///
/// Blocking and thread-safe. One event loop thread and two worker threads, all asleep while nobody asks. Whoever opened a door stops
/// the server, also after an error. The caller holds the agent lock: a socket file that is already there is taken for a dead agent's.
package final class LocalAPIServer: Sendable {
    private struct State {
        var engine: Engine?
        var doors: [OpenDoor] = []
        var socketFile: SocketFile?
        var port: Int?
        var isStopped = false
    }

    private struct Engine {
        let group: MultiThreadedEventLoopGroup
        let workers: NIOThreadPool
    }

    private struct OpenDoor {
        let listener: any Channel
        let reception: NIOLoopBound<Reception>
    }

    private let socketFolder: String
    private let socketName: String
    private let tcpPort: Int?
    private let portFile: PortFile?
    private let limits: LocalAPILimits
    private let handler: any LocalAPIHandler
    private let logger: Logger
    private let state = Mutex(State())

    /// Touches nothing yet.
    /// - Parameters:
    ///   - socketFolder: absolute, of any length; made (0755) when absent.
    ///   - tcpPort: 0 = any free one; nil = no TCP door. Setting `HZN_AGENT_PORT`.
    ///   - portFile: absolute; gets the TCP port while that door is open.
    package init(
        socketFolder: String, socketName: String = "agent.sock", tcpPort: Int?, portFile: String? = nil,
        limits: LocalAPILimits = LocalAPILimits(), handler: any LocalAPIHandler, logger: Logger
    ) {
        self.socketFolder = socketFolder
        self.socketName = socketName
        self.tcpPort = tcpPort
        self.portFile = portFile.map(PortFile.init)
        self.limits = limits
        self.handler = handler
        self.logger = logger
    }

    /// The port that the TCP door got; nil while it is not open.
    package var port: Int? { state.withLock(\.port) }

    /// Opens both doors, or none: after an error the server is stopped.
    ///
    /// An agent that would rather run without TCP calls `openSocketDoor` and `openTCPDoor` itself.
    package func start() throws(LocalAPIError) {
        do throws(LocalAPIError) {
            try openSocketDoor()
            try openTCPDoor()
        } catch {
            stop()
            throw error
        }
    }

    /// Opens the unix socket. Once.
    package func openSocketDoor() throws(LocalAPIError) {
        try withState { state throws(LocalAPIError) in
            guard state.socketFile == nil else { throw Self.misuse("The socket door is already open.") }
            let rule = PeerRule(agentUser: geteuid(), groupNumber: PeerCredentials.number(ofGroup: PeerRule.groupName))
            let (file, descriptor) = try SocketFile.bound(folder: socketFolder, name: socketName, group: rule.groupNumber)
            do { try self.listen(on: descriptor, rule: rule, state: &state) } catch {
                file.remove()
                throw LocalAPIError(.socket, "Listening on \(socketFolder)/\(socketName) failed: \(error).", remedy: "This is a bug.")
            }
            state.socketFile = file
            logger.info("local API: socket open", metadata: ["path": "\(socketFolder)/\(socketName)"])
        }
    }

    /// Opens 127.0.0.1, if a port was given. Once; after an error it may be tried again.
    package func openTCPDoor() throws(LocalAPIError) {
        guard let tcpPort else { return }
        try withState { state throws(LocalAPIError) in
            guard state.port == nil else { throw Self.misuse("The TCP door is already open.") }
            guard let wanted = UInt16(exactly: tcpPort) else {
                throw LocalAPIError(.port, "\(tcpPort) is not a TCP port (0 to 65535).", remedy: "Set HZN_AGENT_PORT.")
            }
            let (descriptor, port) = try Self.loopback(port: wanted)
            do throws(LocalAPIError) { try portFile?.write(port) } catch {
                close(descriptor)
                throw error
            }
            do { try self.listen(on: descriptor, rule: nil, state: &state) } catch {
                portFile?.remove()
                throw LocalAPIError(.port, "Listening on 127.0.0.1:\(port) failed: \(error).", remedy: "This is a bug.")
            }
            state.port = port
            logger.info("local API: TCP open, reads only", metadata: ["port": "\(port)"])
        }
    }

    /// Takes no new connection, answers what is under way for at most `stopTime`, and removes socket and port file. For good.
    ///
    /// A handler that is still busy then is left to finish on its own thread; its answer goes nowhere.
    package func stop() {
        let last = state.withLock { state in
            defer { state = State(isStopped: true) }
            return state
        }
        last.socketFile?.remove()
        if last.port != nil { portFile?.remove() }
        guard let engine = last.engine else { return }
        let deadline = DispatchTime.now() + .milliseconds(Int(limits.stopTime / .milliseconds(1)))
        for door in last.doors { try? door.listener.close().wait() }
        if !allLeft(last.doors, by: deadline) {
            for door in last.doors { try? door.listener.eventLoop.submit { door.reception.value.closeNow() }.wait() }
        }
        let ended = DispatchSemaphore(value: 0)
        // The loop goes after the workers: a late answer must still find it.
        engine.workers.shutdownGracefully { _ in engine.group.shutdownGracefully { _ in ended.signal() } }
        _ = ended.wait(timeout: max(deadline, .now() + .milliseconds(100)))
    }

    private func allLeft(_ doors: [OpenDoor], by deadline: DispatchTime) -> Bool {
        let left = DispatchSemaphore(value: 0)
        for door in doors {
            let loop = door.listener.eventLoop
            let promise = loop.makePromise(of: Void.self)
            promise.futureResult.whenComplete { _ in left.signal() }
            loop.execute { door.reception.value.closeSoon(promise) }
        }
        return doors.allSatisfy { _ in left.wait(timeout: deadline) == .success }
    }

    private func withState(_ body: (inout State) throws(LocalAPIError) -> Void) throws(LocalAPIError) {
        try state.withLock { state throws(LocalAPIError) in
            guard !state.isStopped else { throw Self.misuse("The server was stopped.") }
            try body(&state)
        }
    }

    /// Takes the descriptor over, also when it throws.
    private func listen(on descriptor: Int32, rule: PeerRule?, state: inout State) throws {
        let engine =
            state.engine ?? Engine(group: MultiThreadedEventLoopGroup(numberOfThreads: 1), workers: NIOThreadPool(numberOfThreads: 2))
        if state.engine == nil { engine.workers.start() }
        state.engine = engine
        let service = Connection.Service(handler: handler, workers: engine.workers, limits: limits)
        let logger = logger
        let loop = engine.group.next()
        let reception = try loop.submit {
            NIOLoopBound(Reception(service: service, peerRule: rule, logger: logger), eventLoop: loop)
        }.wait()
        let listener = try ServerBootstrap(group: engine.group)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4096))
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try reception.value.welcome(channel) }
            }
            .withBoundSocket(descriptor).wait()
        state.doors.append(OpenDoor(listener: listener, reception: reception))
    }

    private static func misuse(_ sentence: String) -> LocalAPIError {
        LocalAPIError(.state, sentence, remedy: "This is a bug.")
    }

    private static func loopback(port: UInt16) throws(LocalAPIError) -> (descriptor: Int32, port: Int) {
        do throws(ListeningSocket.Refused) { return try ListeningSocket.listeningOnLoopback(port: port) } catch {
            guard error.code == EADDRINUSE else {
                throw LocalAPIError(
                    .port, "Binding 127.0.0.1:\(port) failed: \(error.text).", remedy: "Set HZN_AGENT_PORT to a port above 1023, or to 0.")
            }
            throw LocalAPIError(
                .portTaken, "Port \(port) of 127.0.0.1 is taken by another process, perhaps by an Open Horizon agent on the same node.",
                remedy: "Set HZN_AGENT_PORT to another port, or to 0 for any free one.")
        }
    }
}
