import ExchangeModel
import HTTPTypes
import Hummingbird
import NIOCore
import UpgradeWire

/// `/api/v1/objects/{org}/{type}/{id}/data`: the bytes, streamed both ways. Source: contract 2.2, 2.3. PUT: ``ObjectUploadRoutes``.
struct ObjectDataRoutes: Sendable {
    let hub: Hub
    /// Bounds downloads of parts.
    let parts: DownloadLimit

    var routes: [Route] {
        let path = "api/v1/objects/{org}/{type}/{id}/data"
        return [Route(.get, path, get), Route(.put, path, ObjectUploadRoutes(hub: hub).put)]
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
        if EntityTagRule.isHeld(record.entityTag, ifNoneMatch: call.request.headers[.ifNoneMatch]) {
            return Response(status: .notModified, headers: [.eTag: record.entityTag])
        }
        switch RangeRule.answer(range: range(of: call, entityTag: record.entityTag), size: size) {
        case .malformed(let reason): throw Refusal.badInput(reason)
        case .beyondEnd: throw Refusal.notFound("the range begins behind the end of the object (\(size) bytes)")
        case .whole:
            let permit = try hub.files.wholes.permit(for: call.record.source)
            let body = body(reader, call.record, first: 0, count: size, permit: permit)
            return Response(status: .ok, headers: headers, body: body)
        case .part(let first, let last):
            let permit = try parts.permit(for: call.record.source)
            headers[.contentRange] = "bytes \(first)-\(last)/\(size)"
            let body = body(reader, call.record, first: first, count: last - first + 1, permit: permit)
            return Response(status: .partialContent, headers: headers, body: body)
        }
    }

    /// The range, unless the caller holds another version: then it gets everything. Source: RFC 9110 section 13.1.5.
    private func range(of call: Call, entityTag: String) -> String? {
        if let condition = call.request.headers[.ifRange], condition != entityTag { return nil }
        return call.request.headers[.range]
    }

    /// One piece at a time: the library's own bound counts pieces too late, and many clients that stand still would fill the memory.
    private func body(
        _ reader: ObjectReader, _ record: RequestRecord, first: Int64, count: Int64, permit: DownloadLimit.Permit
    ) -> ResponseBody {
        ResponseBody(contentLength: Int(count)) { [files = hub.files] writer in
            var (offset, rest) = (first, count)
            while rest > 0 {
                let wanted = Int(min(rest, Int64(ObjectReader.chunkBytes)))
                let chunk = try await files.run { [offset] in try reader.read(at: offset, count: wanted) }
                // A short file must not look like a whole one: breaking the connection is the only way left to say so.
                guard chunk.readableBytes == wanted else { throw FileFailure("read all of the file", "object data") }
                try await writer.write(chunk)
                try await record.flushed()
                offset += Int64(wanted)
                rest -= Int64(wanted)
            }
            try await writer.finish(nil)
            withExtendedLifetime(permit) {}
        }
    }
}
