import UpgradeModel
import UpgradePorts
import UpgradeWire

/// The exchange and the CSS, asked by one person or node.
struct Hub {
    let world: CommandWorld
    let settings: CommandSettings
    let credentials: Credentials

    /// GET from the exchange.
    func get(_ path: String) throws(CommandError) -> Answer { try exchange("GET", path) }

    /// Any call to the exchange.
    func exchange(_ method: String, _ path: String, _ body: [UInt8]? = nil) throws(CommandError) -> Answer {
        try call(method, try settings.needed(.exchangeURL), path, body.map { .bytes($0) } ?? .none, contentType: "application/json")
    }

    /// Any call to the CSS.
    func objects(_ method: String, _ path: String, _ body: [UInt8]? = nil) throws(CommandError) -> Answer {
        try call(method, try settings.needed(.objectsURL), path, body.map { .bytes($0) } ?? .none, contentType: "application/json")
    }

    /// The bytes of an object. The time allowed grows with the length.
    func upload(_ path: String, _ payload: Payload) throws(CommandError) -> Answer {
        try call(
            "PUT", try settings.needed(.objectsURL), path, payload.body, contentType: "application/octet-stream",
            timeout: .seconds(120 + payload.length / 8192))
    }

    /// The document at a path of the exchange; nil on 404, which there also means "none at all". Source: contract 0, fact 3.
    func document<Document: Decodable>(_ type: Document.Type, _ path: String) throws(CommandError) -> Document? {
        let answer = try get(path)
        if answer.status == 404 { return nil }
        return try answer.success().read(type)
    }

    /// The metadata of the organization's objects; none on 404. Source: contract 2.2.
    func objectList(_ org: String, type: String? = nil) throws(CommandError) -> [ObjectMetadataDocument] {
        let filter = type.map { "&objectType=" + HubPath.segment($0) } ?? ""
        let answer = try objects("GET", HubPath.objects(org) + "?filters=true" + filter)
        if answer.status == 404 { return [] }
        return try answer.success().read([ObjectMetadataDocument].self)
    }

    private func call(
        _ method: String, _ base: String, _ path: String, _ body: HTTPRequest.Body, contentType: String, timeout: Duration = .seconds(60)
    ) throws(CommandError) -> Answer {
        var request = HTTPRequest(method, HubPath.url(base, path))
        request.headers.append((name: "Accept", value: "application/json"))
        if method != "GET" { request.headers.append((name: "Content-Type", value: contentType)) }
        request.body = body
        request.credentials = credentials
        request.trust = settings.trust
        request.timeout = timeout
        request.answerBytesMax = 256 << 20
        return try HubCall.call(request, in: world)
    }
}
