import ExchangeModel
import UpgradeWire

/// Makes finished bytes an object's: verified first if they are signed, then visible in one transaction, with the metadata that came
/// along if any. Until then the old object is served, and after a refusal too.
struct ObjectAdoption: Sendable {
    let hub: Hub
    let name: ObjectName
    let upload: FinishedUpload
    /// Metadata of the same request; nil = the stored one's bytes have come.
    var document: ObjectUploadDocument?

    private enum Outcome: Sendable {
        /// Done; a file that nothing refers to any more.
        case adopted(unused: String?)
        /// The bytes do not fit the signature.
        case unfit
        /// Other metadata came while the signature was verified.
        case otherSignature(ObjectSignature)
    }

    /// Removes the bytes when it refuses.
    func run() async throws {
        do {
            // Other failures leave the file for the next start: nobody knows what the database kept.
            try await settle(try await awaitedSignature())
        } catch let refusal as Refusal {
            await hub.files.remove([upload.name])
            throw refusal
        }
    }

    private func awaitedSignature() async throws -> ObjectSignature {
        if let document { return ObjectSignature(document.meta) }
        return try await hub.store.read { [name] tables in
            try ObjectUpdate.expectingData(try tables.object(name.org, name.type, name.id)).awaitedSignature
        }
    }

    /// The costly check stands outside of the transaction; the transaction holds it against what is awaited by then.
    private func settle(_ awaited: ObjectSignature) async throws {
        var signature = awaited
        while true {
            let fits = signature.isComplete ? try await hub.files.fits(signature, upload) : true
            switch try await hub.store.write({ [signature] in try place(in: $0, signature, fits: fits) }) {
            case .adopted(let unused): return await hub.files.remove([unused].compactMap { $0 })
            case .unfit: throw Refusal.internalError("the data does not fit the signature in the object's metadata")
            case .otherSignature(let other): signature = other
            }
        }
    }

    private func place(in tables: any HubWriting, _ signature: ObjectSignature, fits: Bool) throws -> Outcome {
        if try tables.org(name.org) == nil { throw Refusal.notFound("organization '\(name.org)' not found") }
        let stored = try tables.object(name.org, name.type, name.id)
        var record = try document.map { ObjectUpdate.metadata($0, of: name, stored: stored) } ?? ObjectUpdate.expectingData(stored)
        if record.awaitedSignature != signature { return .otherSignature(record.awaitedSignature) }
        if !fits {
            record.status = .verificationFailed
            try tables.putObject(record)
            return .unfit
        }
        try tables.putObject(ObjectUpdate.bytes(upload, in: record))
        return .adopted(unused: stored?.dataFile)
    }
}
