import ExchangeModel
import FoundationEssentials
import Hummingbird
import LibCrypto
import UpgradeWire

/// `/api/v1/objects`: metadata of CSS objects. Source: contract 2.1, 2.2.
struct ObjectRoutes: Sendable {
    let hub: Hub

    var routes: [Route] {
        let object = "api/v1/objects/{org}/{type}/{id}"
        return [
            Route(.get, "api/v1/objects/{org}", list), Route(.get, "api/v1/objects/{org}/{type}", list), Route(.get, object, get),
            Route(.put, object, put), Route(.delete, object, delete), Route(.get, object + "/status", status),
        ]
    }

    /// Metadata of the org's objects that the caller may read, or with `list_object_type=true` their types.
    private func list(_ call: Call) async throws -> Response {
        let caller = try await hub.caller(of: call)
        let org = call.parameter("org")
        try ObjectName.check([org] + [call.parameters["type"]].compactMap { $0 })
        let objects = try await hub.store.read { try $0.objects(org) }.map(\.metadata).filter { meta in
            let (type, id) = (call.parameters["type"] ?? call.query["objectType"] ?? "", call.query["objectID"] ?? "")
            guard type.isEmpty || meta.objectType == type, id.isEmpty || meta.objectID == id else { return false }
            return ObjectAccessRule.mayRead(org: org, type: meta.objectType, isPublic: meta.isPublic, caller: caller)
        }
        if objects.isEmpty { throw Refusal.notFound("no objects found") }
        if call.query["list_object_type"] == "true" { return try Reply.json(Set(objects.map(\.objectType)).sorted()) }
        return try Reply.json(objects, pretty: true)
    }

    private func get(_ call: Call) async throws -> Response {
        try Reply.json(try await hub.readableObject(call).metadata, pretty: true)
    }

    private func status(_ call: Call) async throws -> Response {
        Reply.text(try await hub.readableObject(call).status.rawValue)
    }

    /// New metadata takes effect at once, except that a new signature waits for the bytes that it signs.
    private func put(_ call: Call) async throws -> Response {
        let (name, _) = try await hub.writableObject(call)
        let upload: ObjectUploadDocument
        let body = try await call.bodyBytes()
        // The bytes of the object may be one long text.
        try Call.checkSyntax(body, textMax: Call.bodyBytesMax)
        do {
            upload = try JSONDecoder().decode(ObjectUploadDocument.self, from: body)
        } catch is DecodingError {
            throw Refusal.badInput("the request body is not an object's metadata")
        }
        try Self.check(upload.meta)
        if let bytes = try Self.data(of: upload) {
            let file = try await hub.files.begin(expecting: Int64(bytes.count))
            try await hub.finish(file, of: name, with: upload) { try await hub.files.run { try file.append(ByteBuffer(bytes: bytes)) } }
        } else {
            try await hub.store.write { tables in
                if try tables.org(name.org) == nil { throw Refusal.notFound("organization '\(name.org)' not found") }
                try tables.putObject(ObjectUpdate.metadata(upload, of: name, stored: try tables.object(name.org, name.type, name.id)))
            }
        }
        return Reply.noContent
    }

    /// The bytes inside the request; an object without data ignores them, but not that they are unreadable.
    private static func data(of upload: ObjectUploadDocument) throws -> [UInt8]? {
        guard let text = upload.data else { return nil }
        guard let bytes = Base64.decode(text) else { throw Refusal.badInput("'data' is not standard base64") }
        return upload.meta.noData ? nil : bytes
    }

    private static func check(_ meta: ObjectMetadataDocument) throws {
        let count = try JSONEncoder().encode(meta).count
        if count > BodyShape.textMax { throw Refusal.badInput("the metadata has \(count) bytes; at most \(BodyShape.textMax) are taken") }
        if meta.objectSize < 0 { throw Refusal.badInput("'objectSize' is \(meta.objectSize); no object has less than 0 bytes") }
        if !["", "SHA1", "SHA256"].contains(meta.hashAlgorithm) {
            throw Refusal.badInput("the hash algorithm '\(meta.hashAlgorithm)' is not SHA1 or SHA256")
        }
        for (key, text) in [("publicKey", meta.publicKey), ("signature", meta.signature)] where Base64.decode(text) == nil {
            throw Refusal.badInput("'\(key)' is not standard base64")
        }
    }

    private func delete(_ call: Call) async throws -> Response {
        let (name, _) = try await hub.writableObject(call)
        let file = try await hub.store.write { tables in
            let file = try tables.object(name.org, name.type, name.id)?.dataFile
            guard try tables.deleteObject(name.org, name.type, name.id) else { throw Refusal.notFound("object not found") }
            return file
        }
        await hub.files.remove([file].compactMap { $0 })
        return Reply.noContent
    }
}
