import FoundationEssentials
import UpgradePorts

extension LocalResponse {
    /// A JSON error of the transport itself, in the shape of the routes' errors. Source: contract 3, "Errors".
    static func refusal(_ status: Int, _ sentence: String, input: String = "") -> LocalResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = try? encoder.encode(["error": sentence, "input": input])
        return LocalResponse(status, body: body.map { [UInt8]($0) } ?? Array("{}".utf8))
    }

    /// 408: a request that drips in must not hold one of few connections.
    static func tooSlow(_ limit: Duration) -> LocalResponse {
        .refusal(408, "The request was not complete within \(limit.components.seconds) s of its first byte.")
    }

    /// 431.
    static func headTooLarge(_ bytesMax: Int) -> LocalResponse {
        .refusal(431, "Request line and headers are larger than \(bytesMax) bytes.")
    }

    /// 413.
    static func bodyTooLarge(_ bytesMax: Int) -> LocalResponse {
        .refusal(413, "The body is larger than \(bytesMax) bytes.")
    }
}
