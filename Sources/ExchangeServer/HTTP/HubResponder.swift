import ExchangeModel
import HTTPTypes
import Hummingbird
import Logging

/// From a request to an answer: finds the route, turns refusals into answers, and lets no error text of ours out.
struct HubResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    private let table: RouteTable
    private let meter: HubMeter
    private let logger: Logger

    init(routes: [Route], meter: HubMeter, logger: Logger) {
        table = RouteTable(routes)
        self.meter = meter
        self.logger = logger
    }

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        let record =
            RequestRecord.current
            ?? RequestRecord(id: nil, method: request.method.rawValue, path: request.uri.path, source: nil, isLocal: false)
        var response = await answer(request, record)
        response.headers[.cacheControl] = "no-cache, no-store"
        response.headers[.xContentTypeOptions] = "nosniff"
        if let name = HTTPField.Name("X-Request-Id") { response.headers[name] = record.id }
        record.note { [response] facts in
            facts.status = response.status.code
            facts.bytes = response.body.contentLength ?? 0
            facts.wait = record.age
        }
        return response
    }

    private func answer(_ request: Request, _ record: RequestRecord) async -> Response {
        guard let path = PathRule.segments(of: request.uri.path[...]), let query = PathRule.query(of: (request.uri.query ?? "")[...]) else {
            return Reply.refusal(.badInput("the path or the query has a broken percent escape"))
        }
        switch table.find(request.method, path) {
        case .unknown: return Reply.refusal(.notFound("unrecognized route"))
        case .wrongMethod: return Reply.text("HTTP method not allowed\n", status: .methodNotAllowed)
        case .found(let route, let parameters):
            record.note { $0.route = route.pattern }
            do {
                if let name = parameters.values.first(where: { !IdentityNameRule.isValid($0) }) {
                    throw Refusal.badInput(
                        "\(name.prefix(80).debugDescription) is no name: 1 to 255 visible ASCII characters are, without '/'")
                }
                return try await route.handler(Call(request: request, parameters: parameters, query: query, record: record))
            } catch let refusal as Refusal {
                if refusal == .badCredentials { meter.loginRefused() }
                var response = path.first == "api" ? objectRefusal(refusal) : Reply.refusal(refusal)
                for (name, text) in refusal.headers { if let name = HTTPField.Name(name) { response.headers[name] = text } }
                return response
            } catch {
                logger.error("request failed", metadata: ["id": "\(record.id)", "route": "\(route.pattern)", "error": "\(error)"])
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
