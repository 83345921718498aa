import UpgradePorts

/// A server beside the node. Answers by path, at once; nil = nobody is there.
struct SimNeighbour: HTTPCaller {
    var answer: @Sendable (String) -> String? = { _ in nil }

    func call(_ request: HTTPRequest) throws(TransferFailure) -> HTTPResponse {
        let path = request.url.split(separator: "/").last.map(String.init) ?? ""
        guard let text = answer(path) else { throw TransferFailure(.connect, subject: request.url, explanation: "nobody is there") }
        return HTTPResponse(status: 200, headers: [], body: Array(text.utf8))
    }
}
