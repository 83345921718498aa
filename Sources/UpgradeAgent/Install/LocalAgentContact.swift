import FoundationEssentials
import UpgradeModel
import UpgradePorts

/// Speaks to the agent through its local socket: the installer's side of the `/upgrade` routes.
package struct LocalAgentContact: AgentContact {
    private let http: any HTTPCaller
    private let socketPath: String
    private let root: any FileTree
    private let probeTime: Duration

    /// - Parameters:
    ///   - socketPath: absolute.
    ///   - root: the tree of `--root`, where the agent writes its TCP port down.
    ///   - probeTime: how long the agent may take for its own hub probe.
    package init(http: any HTTPCaller, socketPath: String, root: any FileTree, probeTime: Duration) {
        self.http = http
        self.root = root
        self.socketPath = socketPath
        self.probeTime = probeTime
    }

    package func evidence() throws(ContactFailure) -> AgentEvidence { try decoded(try call("GET", "evidence", timeout: .seconds(5))) }

    package func evidenceOverTCP() throws(ContactFailure) -> AgentEvidence {
        let file = "\(Layout.runFolder)/\(Layout.portFile)"
        let text = TreePath(file).flatMap { try? root.contents($0, max: 16) }.map { String(decoding: $0, as: UTF8.self) }
        guard let port = text.flatMap({ Int($0.prefix { $0.isNumber }) }) else {
            throw ContactFailure("no TCP port of the agent in /\(file)")
        }
        return try decoded(try call("GET", "evidence", port: port, timeout: .seconds(5)))
    }

    package func probeHub() throws(ContactFailure) -> ProbeResult {
        try decoded(try call("POST", "probe", timeout: probeTime + .seconds(5)))
    }

    package func nudge() { _ = try? call("POST", "nudge", timeout: .seconds(2)) }

    package func explain(_ ticket: Ticket, waitsFor reason: String, nextProbe: UTCInstant) {
        let body = try? JSONEncoder().encode(TrialNote(ticket: ticket.text, reason: reason, nextProbe: nextProbe.rfc3339()))
        _ = try? call("POST", "trial-note", body: body.map { [UInt8]($0) } ?? [], timeout: .seconds(2))
    }

    package func giveBack(_ ticket: Ticket, reason: String) {
        let body = try? JSONEncoder().encode(GiveBackDocument(ticket: ticket.text, reason: reason))
        _ = try? call("POST", "give-back", body: body.map { [UInt8]($0) } ?? [], timeout: .seconds(5))
    }

    /// - Parameter port: nil = through the socket.
    private func call(
        _ method: String, _ path: String, body: [UInt8]? = nil, port: Int? = nil, timeout: Duration
    ) throws(ContactFailure) -> HTTPResponse {
        var request = HTTPRequest(method, "http://\(port.map { "127.0.0.1:\($0)" } ?? "localhost")/upgrade/\(path)")
        if port == nil { request.socketPath = socketPath }
        request.timeout = timeout
        request.answerBytesMax = 1 << 16
        if let body { request.body = .bytes(body) }
        do {
            let answer = try http.call(request)
            guard answer.status == 200 else { throw ContactFailure("the agent answered HTTP \(answer.status) to \(path)") }
            return answer
        } catch let failure as ContactFailure {
            throw failure
        } catch {
            throw ContactFailure("the agent does not answer: \(error)")
        }
    }

    private func decoded<Document: Decodable>(_ answer: HTTPResponse) throws(ContactFailure) -> Document {
        do {
            return try JSONDecoder().decode(Document.self, from: Data(answer.body))
        } catch {
            throw ContactFailure("the agent's answer is not the expected JSON: \(error)")
        }
    }
}
