import UpgradePorts

/// One call, with its failures in the words of the command line.
enum HubCall {
    /// The answer, whatever its status.
    static func call(_ request: HTTPRequest, in world: CommandWorld) throws(CommandError) -> Answer {
        do throws(TransferFailure) {
            return Answer(request: request, response: try world.http.call(request))
        } catch {
            let status: ExitStatus = error.kind == .local ? .file : .http
            throw CommandError(status, "\(request.method) \(shown(request.url)) failed: \(Shown.text(error.explanation))")
        }
    }

    /// An address without what may be secret in it.
    static func shown(_ url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return Shown.text(url) }
        let rest = url[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let at = authority.lastIndex(of: "@") else { return Shown.text(url) }
        return Shown.text(String(url[..<scheme.upperBound]) + "***@" + rest[rest.index(after: at)...])
    }
}
