import FleetSimulation
import FoundationEssentials
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// Calls of the administrator.
struct LoadCalls: Sendable {
    private static let timeout: Duration = .seconds(120)

    let order: LoadOrder
    let http: any HTTPCaller

    func call(_ method: String, _ path: String, _ body: JSONValue? = nil) throws(LiveFailure) {
        _ = try send(method, path, body.map { LoadCalls.encoded($0) })
    }

    func call(_ method: String, _ path: String, document: some Encodable) throws(LiveFailure) {
        _ = try send(method, path, LoadCalls.encoded(document))
    }

    static func encoded(_ document: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return (try? encoder.encode(document)).map { [UInt8]($0) } ?? []
    }

    /// Errors: no answer, or one that is no success and does not pass.
    func send(
        _ method: String, _ path: String, _ body: [UInt8]?, _ type: String = "application/json", passes: Set<Int> = []
    ) throws(LiveFailure) -> HTTPResponse {
        var request = HTTPRequest(method, order.url + "/" + path)
        request.credentials = order.credentials
        request.headers = [("Accept", "application/json"), ("Content-Type", type)]
        request.trust = order.trust
        request.timeout = LoadCalls.timeout
        request.answerBytesMax = 256 << 20
        if let body { request.body = .bytes(body) }
        let answer: HTTPResponse
        do throws(TransferFailure) { answer = try http.call(request) } catch {
            throw LiveFailure(.hub, "\(method) \(order.url)/\(path) failed: \(error.explanation)", isSilence: true)
        }
        if (200...299).contains(answer.status) || passes.contains(answer.status) { return answer }
        let words = VisibleText.escaping(String(decoding: answer.body.prefix(300), as: UTF8.self))
        let hint = [401, 403].contains(answer.status) ? "; -u must be an administrator of organization \(order.org)" : ""
        throw LiveFailure(.hub, "\(method) \(order.url)/\(path): HTTP \(answer.status) \(words)\(hint)")
    }
}
