import ExchangeModel
import HTTPTypes
import Hummingbird
import Logging

/// From a request to an answer: finds the route, turns refusals into answers, and lets no error text of ours out.
struct HubResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    private let table: RouteTable
    private let logger: Logger

    init(routes: [Route], logger: Logger) {
        table = RouteTable(routes)
        self.logger = logger
    }

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        var response = await answer(request)
        response.headers[.cacheControl] = "no-cache, no-store"
        response.headers[.xContentTypeOptions] = "nosniff"
        logger.debug(
            "answered", metadata: ["method": "\(request.method)", "path": "\(request.uri.path)", "status": "\(response.status.code)"])
        return response
    }

    private func answer(_ request: Request) async -> Response {
        guard let path = PathRule.segments(of: request.uri.path[...]), let query = PathRule.query(of: (request.uri.query ?? "")[...]) else {
            return Reply.refusal(.badInput("the path or the query has a broken percent escape"))
        }
        switch table.find(request.method, path) {
        case .unknown: return Reply.refusal(.notFound("unrecognized route"))
        case .wrongMethod: return Reply.text("HTTP method not allowed\n", status: .methodNotAllowed)
        case .found(let handler, let parameters):
            do {
                return try await handler(Call(request: request, parameters: parameters, query: query))
            } catch let refusal as Refusal {
                return path.first == "api" ? objectRefusal(refusal) : Reply.refusal(refusal)
            } catch {
                logger.error("request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
                return Reply.refusal(.internalError("the hub could not do it; its log says why"))
            }
        }
    }

    /// The CSS answers in plain text, and with 403 where the exchange says 401. Source: contract 2.1.
    private func objectRefusal(_ refusal: Refusal) -> Response {
        if refusal == .badCredentials { return Reply.text("Unauthorized", status: .forbidden) }
        return Reply.text(refusal.message, status: .init(code: refusal.status))
    }
}
