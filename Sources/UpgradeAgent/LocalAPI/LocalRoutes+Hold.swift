import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// `GET`, `PUT` and `DELETE /nodemanagement/hold`: a held node begins no upgrade. Admission is that of every changing call.
extension LocalRoutes {
    func holdAnswer() -> LocalResponse { .json(200, document(parts.engine.snapshot)) }

    func hold(_ request: LocalRequest) throws -> LocalResponse {
        guard let body: HoldRequestDocument = request.decoded() else {
            return .error(400, "expected {\"by\":…,\"reason\":…}", input: "body")
        }
        let reason = VisibleText.escaping(body.reason ?? "")
        let hold = Hold(by: caller(request, named: body.by ?? ""), since: parts.ports.clock.now(), reason: reason)
        try parts.engine.hold(hold)
        after()
        return .json(201, document(parts.engine.snapshot))
    }

    /// Answers with the hold that was lifted.
    func release(_ request: LocalRequest) throws -> LocalResponse {
        let before = parts.engine.snapshot
        try parts.engine.release(by: caller(request, named: ""))
        after()
        return .json(200, document(before))
    }

    /// The kernel's word stands beside the caller's own.
    private func caller(_ request: LocalRequest, named name: String) -> String {
        guard case .unixSocket(let peer) = request.door else { return "somebody" }
        return name.isEmpty ? "uid \(peer.uid)" : "\(VisibleText.escaping(name, max: 64)) (uid \(peer.uid))"
    }

    private func document(_ snapshot: EngineSnapshot) -> HoldDocument {
        let installing = snapshot.jobs.filter { $0.value.handover != nil }.keys.min()
        return HoldDocument(snapshot.keys.hold, goesOn: installing?.text)
    }
}
