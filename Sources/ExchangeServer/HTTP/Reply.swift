import ExchangeModel
import FoundationEssentials
import HTTPTypes
import Hummingbird
import UpgradeWire

/// How answers are made.
enum Reply {
    /// A document as compact JSON with sorted keys.
    static func json(_ document: some Encodable, status: HTTPResponse.Status = .ok, pretty: Bool = false) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting =
            pretty ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted] : [.sortedKeys, .withoutEscapingSlashes]
        let bytes = try encoder.encode(document)
        return Response(
            status: status, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// 201 with the exchange's words.
    static func done(_ message: String) throws -> Response {
        try json(ErrorDocument(code: "ok", msg: message), status: .created)
    }

    /// A line of text.
    static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"], body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// 204.
    static var noContent: Response { Response(status: .noContent) }

    /// A refusal as the exchange words it.
    static func refusal(_ refusal: Refusal) -> Response {
        let document = ErrorDocument(code: refusal.code, msg: refusal.message)
        let status = HTTPResponse.Status(code: refusal.status)
        return (try? json(document, status: status)) ?? Response(status: status)
    }
}
