import Curl
import UpgradePorts

/// Small calls with libcurl, on the calling thread, which blocks.
package struct CurlHTTPCaller: HTTPCaller {
    /// Nothing is kept between calls.
    package init() {}

    package func call(_ request: HTTPRequest) throws(TransferFailure) -> HTTPResponse {
        let signals = PipeSignalGuard()
        defer { signals.end() }
        let deadline = Monotonic.now() + min(request.timeout, .seconds(1 << 30))
        var hop = Hop(try HubURL(request.url, trust: request.trust, socketPath: request.socketPath))
        while true {
            let answer = try ask(request, hop, deadline)
            // A redirect away from a socket leads nowhere; one of a changing request could do the change twice.
            guard request.followsRedirects, request.method == "GET", request.socketPath == nil,
                RedirectRule.isRedirect(status: answer.status),
                let location = answer.header("location")
            else { return answer }
            hop = try RedirectRule.next(after: hop, location: location, trust: request.trust)
        }
    }

    private func ask(_ request: HTTPRequest, _ hop: Hop, _ deadline: Duration) throws(TransferFailure) -> HTTPResponse {
        let setup = RequestSetup(
            hop: hop, credentials: request.credentials, trust: request.trust, deadline: deadline, bytesMax: Int64(request.answerBytesMax))
        var easy = try setup.makeHandle()
        let upload = try UploadSource(request, setup)
        for line in try headerLines(request, setup) { try setup.require(easy.addHeader(line)) }
        for option in try options(request, upload, setup) { try setup.require(easy.set(option)) }
        let socket = try request.socketPath.map { path throws(TransferFailure) in try ShortSocketPath(path, setup) }
        if let socket { try setup.require(easy.set(.unixSocket(socket.text))) }
        let exchange = CallExchange(upload, setup, expectsBody: request.method != "HEAD")
        let code = easy.perform(exchange)
        withExtendedLifetime(socket) {}
        if let failure = exchange.failure { throw failure }
        if let kind = CurlOutcome.classify(code) {
            let end = RequestEnd(
                code: code, words: easy.explanation(of: code), received: Int64(exchange.body.count),
                bytesMax: Int64(request.answerBytesMax), announced: exchange.announced, trust: request.trust)
            throw setup.failure(kind, FailureText.explanation(kind, end))
        }
        guard exchange.head.isComplete, let status = exchange.head.status else {
            throw setup.failure(.cut, "the connection ended before the answer's head was complete")
        }
        return HTTPResponse(
            status: status, headers: exchange.head.headers, body: exchange.body, retryAfter: exchange.head.retryAfter)
    }

    private func headerLines(_ request: HTTPRequest, _ setup: RequestSetup) throws(TransferFailure) -> [String] {
        // An `Expect` would cost a second with every server that does not know it.
        var lines = ["Expect:"]
        // Extra headers may carry tokens, so another origin gets none of them but this one.
        for header in request.headers where setup.hop.sendsCredentials || header.name.lowercased() == "accept" {
            lines.append(try setup.headerLine(header.name, header.value))
        }
        return lines
    }

    private func options(_ request: HTTPRequest, _ upload: UploadSource?, _ setup: RequestSetup) throws(TransferFailure) -> [EasyOption] {
        guard !request.method.isEmpty, request.method.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw setup.failure(.badURL, "the method must be capital letters")
        }
        if request.method == "HEAD" { return [.noBody] }
        var options: [EasyOption] = []
        if let upload { options.append(.upload(bytes: upload.length)) }
        if request.method != "GET" || upload != nil { options.append(.method(request.method)) }
        return options
    }
}
