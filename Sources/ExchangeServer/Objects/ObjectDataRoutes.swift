import ExchangeModel
import HTTPTypes
import Hummingbird
import NIOCore
import UpgradeWire

/// `/api/v1/objects/{org}/{type}/{id}/data`: the bytes, streamed both ways. Source: contract 2.2, 2.3.
struct ObjectDataRoutes: Sendable {
    let hub: Hub
    /// Bounds downloads of parts.
    let parts: PartLimit

    var routes: [Route] {
        let path = "api/v1/objects/{org}/{type}/{id}/data"
        return [Route(.get, path, get), Route(.put, path, put)]
    }

    private func get(_ call: Call) async throws -> Response {
        // A newer upload may take the file away between look-up and opening; then the newer record is looked up.
        for _ in 0..<3 {
            let record = try await hub.readableObject(call)
            guard let name = record.dataFile else { throw Refusal.notFound("the object has no data") }
            guard let reader = try await hub.files.open(name) else { continue }
            return try answer(call, record, reader)
        }
        throw Refusal.notFound("the object has no data")
    }

    private func answer(_ call: Call, _ record: HubObject, _ reader: ObjectReader) throws -> Response {
        let size = record.metadata.objectSize
        var headers: HTTPFields = [
            .contentType: "application/octet-stream", .eTag: record.entityTag, .acceptRanges: "bytes",
        ]
        switch RangeRule.answer(range: range(of: call, entityTag: record.entityTag), size: size) {
        case .malformed(let reason): throw Refusal.badInput(reason)
        case .beyondEnd: throw Refusal.notFound("the range begins behind the end of the object (\(size) bytes)")
        case .whole:
            return Response(status: .ok, headers: headers, body: body(reader, first: 0, count: size, permit: nil))
        case .part(let first, let last):
            guard let permit = parts.permit() else {
                throw Refusal(status: 429, code: "too-many-requests", message: "too many downloads of parts at once; try again later")
            }
            headers[.contentRange] = "bytes \(first)-\(last)/\(size)"
            return Response(
                status: .partialContent, headers: headers, body: body(reader, first: first, count: last - first + 1, permit: permit))
        }
    }

    /// The range, unless the caller holds another version: then it gets everything. Source: RFC 9110 section 13.1.5.
    private func range(of call: Call, entityTag: String) -> String? {
        if let condition = call.request.headers[.ifRange], condition != entityTag { return nil }
        return call.request.headers[.range]
    }

    private func body(_ reader: ObjectReader, first: Int64, count: Int64, permit: PartLimit.Permit?) -> ResponseBody {
        ResponseBody(contentLength: Int(count)) { [files = hub.files] writer in
            var (offset, rest) = (first, count)
            while rest > 0 {
                let wanted = Int(min(rest, Int64(ObjectReader.chunkBytes)))
                let chunk = try await files.run { [offset] in try reader.read(at: offset, count: wanted) }
                // A short file must not look like a whole one: breaking the connection is the only way left to say so.
                guard chunk.readableBytes == wanted else { throw FileFailure("read all of the file", "object data") }
                try await writer.write(chunk)
                offset += Int64(wanted)
                rest -= Int64(wanted)
            }
            try await writer.finish(nil)
            withExtendedLifetime(permit) {}
        }
    }

    private func put(_ call: Call) async throws -> Response {
        let name = try await hub.writableObject(call)
        if call.request.headers[.contentRange] != nil {
            throw Refusal(status: 501, code: "not-implemented", message: "chunked uploads are not supported; send the data in one PUT")
        }
        let exists = try await hub.store.read { try $0.object(name.org, name.type, name.id) != nil }
        guard exists else { throw Refusal.notFound("object not found; PUT its metadata first") }
        let length = call.request.headers[.contentLength].flatMap { Int64($0) }
        try await ObjectUpdate.store(call.request.body, of: name, in: hub, expected: length)
        return Reply.noContent
    }
}
