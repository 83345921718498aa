import ExchangeModel
import Hummingbird
import UpgradeWire

/// How an object changes: metadata in the table, bytes in a new file.
enum ObjectUpdate {
    /// The record after a PUT of metadata.
    static func metadata(_ upload: ObjectUploadDocument, of name: ObjectName, stored: HubObject?) -> HubObject {
        var meta = upload.meta
        meta.destinationOrgID = name.org
        meta.objectType = name.type
        meta.objectID = name.id
        meta.instanceID = (stored?.metadata.instanceID ?? 0) + 1
        meta.dataID = stored?.metadata.dataID ?? 0
        meta.objectSize = stored?.dataFile == nil ? meta.objectSize : stored?.metadata.objectSize ?? 0
        var record = HubObject(metadata: meta, status: meta.noData ? .ready : .notReady, dataFile: nil, entityTag: "")
        guard let stored, stored.dataFile != nil else { return record }
        record.status = stored.status
        record.dataFile = stored.dataFile
        record.entityTag = stored.entityTag
        let (old, new) = (ObjectSignature(stored.metadata), ObjectSignature(meta))
        if old != new {
            record.pendingSignature = new
            old.apply(to: &record.metadata)
        }
        return record
    }

    /// Takes new bytes for an object that exists, verifies them if they are signed, and makes them the object's.
    static func store(_ body: RequestBody, of name: ObjectName, in hub: Hub, expected: Int64? = nil) async throws {
        let upload = try await hub.files.begin()
        let finished: FinishedUpload
        do {
            for try await buffer in body { try await hub.files.run { try upload.append(buffer) } }
            if let expected, upload.bytes != expected {
                throw Refusal.badInput("the upload broke off after \(upload.bytes) of \(expected) bytes")
            }
            finished = try await hub.files.run { try upload.finish() }
        } catch {
            try? await hub.files.run { upload.discard() }
            throw error
        }
        let outcome = try await adopt(finished, of: name, in: hub)
        await hub.files.remove([outcome.unused].compactMap { $0 })
        if let refusal = outcome.refusal { throw refusal }
    }

    private struct Outcome: Sendable {
        var unused: String?
        var refusal: Refusal?
    }

    /// One transaction: the object refers either to the old bytes or to the new ones with their signature.
    private static func adopt(_ upload: FinishedUpload, of name: ObjectName, in hub: Hub) async throws -> Outcome {
        try await hub.store.write { tables in
            guard var record = try tables.object(name.org, name.type, name.id) else {
                return Outcome(unused: upload.name, refusal: .notFound("object not found"))
            }
            let signature = record.pendingSignature ?? ObjectSignature(record.metadata)
            if signature.isComplete && !SignatureCheck.fits(signature, sha256: upload.sha256) {
                record.status = .verificationFailed
                try tables.putObject(record)
                return Outcome(
                    unused: upload.name, refusal: .internalError("the data does not fit the signature in the object's metadata"))
            }
            let old = record.dataFile
            signature.apply(to: &record.metadata)
            record.pendingSignature = nil
            record.metadata.objectSize = upload.bytes
            record.metadata.dataID += 1
            record.dataFile = upload.name
            record.entityTag = upload.entityTag
            record.status = .ready
            try tables.putObject(record)
            return Outcome(unused: old)
        }
    }
}
