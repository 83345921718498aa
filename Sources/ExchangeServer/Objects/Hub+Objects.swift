import ExchangeModel
import HTTPTypes
import HummingbirdCore
import UpgradeWire

extension Hub {
    /// Who makes this call of the CSS, or 403 in its words.
    func objectCaller(of call: Call) async throws -> Caller {
        try await identities.caller(authorization: call.request.headers[.authorization], order: .userFirst)
    }

    /// The object of the path, when the caller may read it. Kept: who may not see everything learns from 403 nothing about existence.
    func readableObject(_ call: Call) async throws -> HubObject {
        let caller = try await objectCaller(of: call)
        let name = try ObjectName(call)
        let record = try await store.read { try $0.object(name.org, name.type, name.id) }
        let isPublic = record?.metadata.isPublic ?? false
        guard ObjectAccessRule.mayRead(org: name.org, type: name.type, isPublic: isPublic, caller: caller) else {
            throw Refusal.accessDenied("Unauthorized")
        }
        guard let record else { throw Refusal.notFound("object not found") }
        return record
    }

    /// The name in the path, when the caller may write there.
    func writableObject(_ call: Call) async throws -> ObjectName {
        let caller = try await objectCaller(of: call)
        let name = try ObjectName(call)
        guard ObjectAccessRule.mayWrite(org: name.org, type: name.type, caller: caller) else {
            throw Refusal.accessDenied("Unauthorized")
        }
        return name
    }
}
