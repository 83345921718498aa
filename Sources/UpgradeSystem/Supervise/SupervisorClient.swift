import Glibc
import UpgradeModel
import UpgradePorts

/// Starts and stops the agent by asking `upliftd supervise`.
package struct SupervisorClient: ServiceControl {
    private let folder: String
    private let timeout: Duration

    /// Asks the supervisor of the node under `root`; `timeout` must be longer than a stop may take.
    package init(root: String, timeout: Duration = .seconds(30)) {
        folder = root + "/" + SupervisorRequest.folder
        self.timeout = timeout
    }

    package func stopAgent() throws(ServiceFailure) { try expectDone(.stop) }

    package func startAgent() throws(ServiceFailure) { try expectDone(.start) }

    package func handOver(_ job: Ticket) throws(ServiceFailure) { try expectDone(.install(job)) }

    package func agent() throws(ServiceFailure) -> AgentProcess {
        guard case .agent(let process) = try ask(.agent) else { throw unexpected("ok", for: .agent) }
        return process
    }

    private func expectDone(_ request: SupervisorRequest) throws(ServiceFailure) {
        let answer = try ask(request)
        guard answer == .done else { throw unexpected(answer.line, for: request) }
    }

    private func ask(_ request: SupervisorRequest) throws(ServiceFailure) -> SupervisorAnswer {
        let socket = try connect()
        let line: String
        do throws(SystemError) {
            try send(request.line + "\n", on: socket)
            line = try receiveLine(from: socket)
        } catch {
            let reason = error.code == EAGAIN ? "no answer within \(timeout)" : error.reason
            throw ServiceFailure(
                .unavailable, "asked the supervisor at \(folder) to `\(request.line)`: \(reason); look at its log, then ask again")
        }
        switch SupervisorAnswer(line: line) {
        case nil: throw unexpected(line, for: request)
        case .done?: return .done
        case .agent(let process)?: return .agent(process)
        case .refused(let sentence)?: throw ServiceFailure(.refused, "the supervisor refused to `\(request.line)`: \(sentence)")
        case .later(let sentence)?: throw ServiceFailure(.unavailable, "the supervisor cannot `\(request.line)` now: \(sentence)")
        }
    }

    private func connect() throws(ServiceFailure) -> Descriptor {
        let path = folder + "/" + SupervisorRequest.socket
        let (socket, peer): (Descriptor, PeerCredentials)
        do throws(SystemError) {
            socket = try UnixSocket.connect(folder: folder, name: SupervisorRequest.socket, timeout: timeout)
            peer = try PeerCredentials.of(socket)
        } catch {
            throw ServiceFailure(
                .unavailable, "cannot reach a supervisor at \(path): \(error.reason); start `upliftd supervise` with the same --root")
        }
        guard peer.isTrusted else {
            throw ServiceFailure(
                .unavailable,
                "found a process of user \(peer.user) at \(path), expected root or user \(geteuid()); find out who put it there")
        }
        return socket
    }

    private func send(_ text: String, on socket: Descriptor) throws(SystemError) {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            done += try socket.use { number throws(SystemError) in
                try retrying { Glibc.send(number, Array(bytes[done...]), bytes.count - done, Int32(MSG_NOSIGNAL)) }
            }
        }
    }

    private func receiveLine(from socket: Descriptor) throws(SystemError) -> String {
        var bytes: [UInt8] = []
        while bytes.last != UInt8(ascii: "\n"), bytes.count < 4096 {
            var buffer = [UInt8](repeating: 0, count: 512)
            let count = try socket.use { number throws(SystemError) in try retrying { recv(number, &buffer, buffer.count, 0) } }
            if count == 0 { throw SystemError(code: ECONNRESET) }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes.dropLast(), as: UTF8.self)
    }

    private func unexpected(_ line: String, for request: SupervisorRequest) -> ServiceFailure {
        ServiceFailure(
            .unavailable,
            "asked the supervisor to `\(request.line)`, found the answer `\(VisibleText.escaping(line))`: "
                + "it may be of another version; restart it"
        )
    }
}
