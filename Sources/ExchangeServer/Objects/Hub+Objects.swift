import ExchangeModel
import HTTPTypes
import HummingbirdCore
import UpgradeWire

extension Hub {
    /// The object of the path, when the caller may read it. Kept: who may not see everything learns from 403 nothing about existence.
    func readableObject(_ call: Call) async throws -> HubObject {
        let caller = try await caller(of: call)
        let name = try ObjectName(call)
        let record = try store.lookUp { try $0.object(name.org, name.type, name.id) }
        let isPublic = record?.metadata.isPublic ?? false
        guard ObjectAccessRule.mayRead(org: name.org, type: name.type, isPublic: isPublic, caller: caller) else {
            throw Refusal.accessDenied("Unauthorized")
        }
        guard let record else { throw Refusal.notFound("object not found") }
        return record
    }

    /// The name in the path, when the caller may write there.
    func writableObject(_ call: Call) async throws -> (name: ObjectName, caller: Caller) {
        let caller = try await caller(of: call)
        let name = try ObjectName(call)
        guard ObjectAccessRule.mayWrite(org: name.org, type: name.type, caller: caller) else {
            throw Refusal.accessDenied("Unauthorized")
        }
        return (name, caller)
    }

    /// Makes an upload durable and the object's, with the metadata that came along if any; discards it when anything fails before.
    /// - Parameter receive: Brings the bytes in first.
    func finish(
        _ upload: ObjectUpload, of name: ObjectName, with document: ObjectUploadDocument? = nil, receive: () async throws -> Void = {}
    ) async throws {
        let finished: FinishedUpload
        do {
            try await receive()
            finished = try await files.run { try upload.finish() }
        } catch {
            try? await files.run { upload.discard() }
            throw error
        }
        try await ObjectAdoption(hub: self, name: name, upload: finished, document: document).run()
    }
}
