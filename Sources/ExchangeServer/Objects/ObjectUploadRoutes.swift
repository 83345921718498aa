import ExchangeModel
import HTTPTypes
import Hummingbird

/// `PUT /api/v1/objects/{org}/{type}/{id}/data`: the bytes of an object, at once or in pieces, streamed to a file. Source: contract 2.2.
struct ObjectUploadRoutes: Sendable {
    /// Ties the pieces of an upload together.
    static let ownerHeader = "MMS-Upload-Owner"

    let hub: Hub

    func put(_ call: Call) async throws -> Response {
        let (name, caller) = try await hub.writableObject(call)
        _ = try hub.store.lookUp { try ObjectUpdate.expectingData(try $0.object(name.org, name.type, name.id)) }
        if let range = call.request.headers[.contentRange] {
            guard let piece = UploadPiece(contentRange: range) else {
                throw Refusal.badInput("cannot read the Content-Range '\(range)'; 'bytes first-last/total' is expected")
            }
            return try await put(piece, of: .init(object: name, caller: caller.name), call)
        }
        let length = call.request.headers[.contentLength].flatMap { Int64($0) }
        let upload = try await hub.files.begin(expecting: length)
        try await hub.finish(upload, of: name) { try await hub.files.receive(call.request.body, into: upload, expected: length) }
        return Reply.noContent
    }

    private func put(_ piece: UploadPiece, of key: PieceUploads.Key, _ call: Call) async throws -> Response {
        let open = try await open(piece, of: key, call)
        try await receive(piece, into: open, call.request.body)
        var answer = Reply.noContent
        if let header = HTTPField.Name(Self.ownerHeader) { answer.headers[header] = open.owner }
        return answer
    }

    private func open(_ piece: UploadPiece, of key: PieceUploads.Key, _ call: Call) async throws -> PieceUploads.Open {
        if piece.first > 0 {
            let owner = HTTPField.Name(Self.ownerHeader).flatMap { call.request.headers[$0] }
            return try await hub.files.pieces.take(piece, of: key, owner: owner)
        }
        let upload = try await hub.files.begin(expecting: piece.total)
        return try await hub.files.pieces.begin(piece, of: key, in: upload)
    }

    /// A piece that breaks off ends its upload, as nothing says what of it has arrived; then the answer names no upload to go on with.
    private func receive(_ piece: UploadPiece, into open: PieceUploads.Open, _ body: RequestBody) async throws {
        do {
            try await hub.files.receive(body, into: open.upload, expected: piece.count)
            if !piece.isLast { return try await hub.files.pieces.release(open) }
        } catch {
            await hub.files.pieces.end(open)
            try? await hub.files.run { open.upload.discard() }
            throw error
        }
        await hub.files.pieces.end(open)
        do {
            try await hub.finish(open.upload, of: open.key.object)
        } catch var refusal as Refusal {
            // All pieces are here: what is refused is the whole.
            refusal.headers[Self.ownerHeader] = open.owner
            throw refusal
        }
    }
}
