import FoundationEssentials
import Logging
import UpgradeModel
import UpgradePorts
import UpgradeWire

/// Tells a hub that asks for it how the node is and what it did since it told that last: one request beside a poll, so that a node with much
/// to tell takes a few polls for it. An addition of `uplift-exchange`.
struct SelfReporting: Sendable {
    /// Records in one request: with their longest sentences less than a hub takes as one body.
    static let recordsMax = 100
    /// Jobs in one request; a node with more tells the first ones.
    static let jobsMax = 100

    let health: NodeHealth
    let log: Logger

    /// What does not arrive is told the next time, and holds nothing else up. Errors: the store's.
    func tell(_ wanted: Set<SelfReportPart>, _ client: any ExchangeClient, _ contact: HubPacing.Contact) throws {
        let records = wanted.contains(.opstatus) ? try untold() : []
        guard wanted.contains(.health) || !records.isEmpty else { return }
        var report = SelfReportDocument(opstatus: records.map(health.document(of:)))
        if wanted.contains(.health) {
            var document = health.document(contact)
            document.jobs = document.jobs.prefix(SelfReporting.jobsMax).map(\.short)
            document.trouble = document.trouble.map { String($0.prefix(500)) }
            report.health = document
        }
        let json = Array(try JSONEncoder().encode(report))
        do throws(TransferFailure) { try client.sendSelfReport(json) } catch {
            log.warning("cannot tell the hub of this node", metadata: ["error": "\(error)"])
            guard error.isFinal else { return }
        }
        if let last = records.last { try health.engine.record([.set(.lastOperationTold, String(last.number))]) }
    }

    /// The oldest writings that the hub was not told of. Nothing is read where there are none.
    private func untold() throws -> [Operation] {
        let keys = (health.engine.value(.lastOperationTold), health.engine.value(.lastOperation))
        guard keys.0 != keys.1 else { return [] }
        var query = OperationQuery(max: SelfReporting.recordsMax)
        query.order = .oldestFirst(above: keys.0.flatMap { Int($0) } ?? 0)
        return try health.store.operations(query)
    }
}

extension TransferFailure {
    /// The hub will not take this request the next time either.
    fileprivate var isFinal: Bool {
        switch kind {
        case .status(400), .status(413): true
        default: false
        }
    }
}

extension NodeHealthDocument.Job {
    /// As a hub takes it beside many others.
    fileprivate var short: Self {
        var job = self
        job.waitsFor = String(job.waitsFor.prefix(200))
        return job
    }
}
