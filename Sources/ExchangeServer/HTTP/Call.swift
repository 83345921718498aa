import ExchangeModel
import FoundationEssentials
import Hummingbird
import NIOCore
import UpgradeWire

/// One request on its way through a route.
struct Call: Sendable {
    /// Longest JSON body. Bytes.
    static let bodyBytesMax = 1 << 20
    /// How deep a body may nest; nothing of the wire is deeper than a handful.
    static let depthMax = 16
    /// How many values a body may hold. Each one whose kind is open is guessed by the decoder, which costs as much as it lies deep.
    static let valuesMax = 10_000

    /// The request itself, for headers and streamed bodies.
    let request: Request
    /// Shape: name in the route's pattern → decoded segment.
    let parameters: [String: String]
    /// Shape: name → decoded value.
    let query: [String: String]
    /// Where it comes from, and what is found out about it.
    let record: RequestRecord

    /// The segment that the route's pattern names; the route table has made sure that it is there.
    func parameter(_ name: String) -> String { parameters[name] ?? "" }

    /// The body as JSON of this shape, refused with 400 or 413.
    func body(_ shape: BodyShape, upTo bytesMax: Int = bodyBytesMax) async throws -> JSONValue {
        let bytes = try await bodyBytes(upTo: bytesMax)
        try Self.checkSyntax(bytes)
        let value: JSONValue
        do {
            value = try JSONDecoder().decode(JSONValue.self, from: bytes)
        } catch {
            throw Refusal.badInput("the request body is not valid JSON")
        }
        try shape.check(value)
        return value
    }

    /// The decoder takes more than JSON: trailing commas, UTF-16, a byte order mark.
    static func checkSyntax(_ bytes: Data, textMax: Int = BodyShape.textMax) throws(Refusal) {
        guard let fault = JSONSyntax.fault(in: Array(bytes), depthMax: depthMax, valuesMax: valuesMax, textMax: textMax) else { return }
        throw .badInput("line \(fault.line), column \(fault.column) of the request body: \(fault.message); \(fault.remedy)")
    }

    /// The body as a document, checked strictly first.
    func body<Document: Decodable>(_ type: Document.Type, _ shape: BodyShape) async throws -> Document {
        try Self.document(type, from: try await body(shape))
    }

    /// A checked value as a document.
    static func document<Document: Decodable>(_ type: Document.Type, from value: JSONValue) throws -> Document {
        do {
            return try JSONDecoder().decode(type, from: try JSONEncoder().encode(value))
        } catch {
            throw Refusal.badInput("the request body does not have the expected form")
        }
    }

    /// The whole body, bounded.
    func bodyBytes(upTo bytesMax: Int = bodyBytesMax) async throws -> Data {
        do {
            var buffer = try await request.body.collect(upTo: bytesMax)
            return Data(buffer.readBytes(length: buffer.readableBytes) ?? [])
        } catch is NIOTooManyBytesError {
            throw Refusal(status: 413, code: "invalid-input", message: "the request body is longer than \(bytesMax) bytes")
        }
    }
}
