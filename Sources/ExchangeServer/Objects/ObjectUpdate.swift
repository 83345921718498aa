import ExchangeModel
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
        if old == new {
            // The stored bytes fit what is asked of them, whatever came for another signature meanwhile.
            record.status = .ready
        } else {
            record.pendingSignature = new
            old.apply(to: &record.metadata)
        }
        return record
    }

    /// The record with new bytes, and with the signature that they fit.
    static func bytes(_ upload: FinishedUpload, in record: HubObject) -> HubObject {
        var record = record
        record.awaitedSignature.apply(to: &record.metadata)
        record.pendingSignature = nil
        record.metadata.objectSize = upload.bytes
        record.metadata.dataID += 1
        record.dataFile = upload.name
        record.entityTag = upload.entityTag
        record.status = .ready
        return record
    }

    /// Stored metadata that data may come for.
    /// - Throws: 404 and 400.
    static func expectingData(_ record: HubObject?) throws -> HubObject {
        guard let record else { throw Refusal.notFound("object not found; PUT its metadata first") }
        if record.metadata.noData { throw Refusal.badInput("the metadata says noData: this object takes no data") }
        return record
    }
}

extension HubObject {
    /// The signature that the next bytes must fit.
    var awaitedSignature: ObjectSignature { pendingSignature ?? ObjectSignature(metadata) }
}
