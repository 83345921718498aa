import FaultServers
import Foundation
import Synchronization
import UpgradePorts
import UpgradeTransfer
import UpgradeWire

/// Passes requests on to a hub and edits the JSON of chosen answers: metadata that a real hub would not hand out.
final class MetadataEditor: @unchecked Sendable {
    typealias Edit = @Sendable ([String: JSONValue]) -> [String: JSONValue]

    private let edits = Mutex<[String: Edit]>([:])
    private var server: StubServer?

    init(hubURL: String) throws {
        server = try StubServer { [weak self] request in self?.answer(request, hubURL) ?? StubResponse(502) }
    }

    var port: Int { Int(server?.port ?? 0) }

    /// Answers to requests whose path ends so are edited from now on; nil = no more.
    func edit(pathEnding: String, _ edit: Edit?) { edits.withLock { $0[pathEnding] = edit } }

    private func answer(_ request: StubRequest, _ hubURL: String) -> StubResponse {
        var passed = HTTPRequest(request.method, hubURL + request.target)
        for name in ["Authorization", "Accept", "Content-Type", "Range", "If-Range"] {
            if let value = request.head.header(name) { passed.headers.append((name, value)) }
        }
        if !request.body.isEmpty { passed.body = .bytes(request.body) }
        passed.answerBytesMax = 64 << 20
        guard let answer = try? CurlHTTPCaller().call(passed) else { return StubResponse(502) }
        let headers = answer.headers.filter { ["content-type", "content-range", "etag", "retry-after", "accept-ranges"].contains($0.name) }
        return StubResponse(answer.status, headers: headers, body: edited(answer.body, request.target))
    }

    private func edited(_ body: [UInt8], _ target: String) -> [UInt8] {
        guard let edit = edits.withLock({ edits in edits.first { target.hasSuffix($0.key) }?.value }),
            let members = (try? JSONDecoder().decode(JSONValue.self, from: Data(body)))?.object,
            let bytes = try? JSONEncoder().encode(JSONValue.object(edit(members)))
        else { return body }
        return [UInt8](bytes)
    }
}
