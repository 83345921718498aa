import Synchronization
import Testing
import UpgradePorts

/// The hub and the agent, played by a list of answers: `METHOD URL` → what comes back, one after the other, the last one again and again.
final class FakeHTTP: HTTPCaller {
    /// What came in.
    struct Call: Sendable {
        let line: String
        let body: String
        let user: String?
        let socket: String?
        let isFile: Bool
    }

    /// What goes out.
    enum Reply: Sendable {
        case answer(Int, String)
        case failure(TransferFailure.Kind)
    }

    private let state: Mutex<(replies: [String: [Reply]], calls: [Call])>

    init(_ replies: [String: [Reply]]) { state = Mutex((replies, [])) }

    var calls: [Call] { state.withLock { $0.calls } }

    func call(_ request: HTTPRequest) throws(TransferFailure) -> HTTPResponse {
        let line = request.method + " " + request.url
        let reply = state.withLock { state -> Reply? in
            state.calls.append(Self.record(request, line))
            let left = state.replies[line]
            if let left, left.count > 1 { state.replies[line] = Array(left.dropFirst()) }
            return left?.first
        }
        switch reply {
        case .answer(let status, let body): return HTTPResponse(status: status, headers: [], body: Array(body.utf8))
        case .failure(let kind): throw TransferFailure(kind, subject: request.url, explanation: "no connection (played)")
        case nil:
            Issue.record("nobody expected \(line)")
            return HTTPResponse(status: 599, headers: [], body: [])
        }
    }

    private static func record(_ request: HTTPRequest, _ line: String) -> Call {
        var (body, isFile) = ("", false)
        switch request.body {
        case .none: break
        case .bytes(let bytes): body = String(decoding: bytes, as: UTF8.self)
        case .file(let path): (body, isFile) = (path, true)
        }
        let user = request.credentials.map { $0.id + ":" + $0.secret }
        return Call(line: line, body: body, user: user, socket: request.socketPath, isFile: isFile)
    }
}
