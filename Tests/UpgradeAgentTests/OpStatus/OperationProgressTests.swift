import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation
import UpgradeWire

@testable import UpgradeAgent

/// How far a download is, as others see it.
@Suite struct OperationProgressTests {
    @Test func `what is verified counts, and what has come so far of the rest`() throws {
        let site = try MindSite()
        let files = Component.allCases.map { component in
            JobFile(
                component: component, version: "1.1.0", objectType: "t", objectID: "o", length: 100, hashAlgorithm: "SHA256", publicKey: "",
                signature: "")
        }
        let engine = site.engine.engine
        try engine.handle(EngineSite.one, .matched(EngineSite.terms, lastUpdated: nil))
        try engine.handle(EngineSite.one, .chosen)
        guard case .planning(_, let attempt)? = site.job else { throw TooManySteps() }
        try engine.handle(
            EngineSite.one, .planned(attempt.runID, JobPlan(versions: [.software: "1.1.0"], files: files), latest: [:]))
        let open = try #require(engine.snapshot.openOperations.values.first { $0.activity == .download })
        #expect(site.health.document(of: open).context.worker_progress == "0 of 300 bytes")

        func write(_ path: TreePath, _ length: Int) throws {
            if try site.tree.entry(path.parent) == nil { try site.tree.makeFolders(path.parent) }
            try site.tree.create(path, mode: 0o600).write(Array(repeating: 7, count: length), at: 0)
        }
        try write(Layout.verified(attempt.ticket).appending("software"), 100)
        try write(Layout.partial(attempt.ticket).appending("configuration"), 40)
        try write(Layout.partial(attempt.ticket).appending("certificate"), 170)
        #expect(site.health.document(of: open).context.worker_progress == "240 of 300 bytes")
        var ended = open
        ended.stage = .completed
        #expect(site.health.document(of: ended).context.worker_progress == nil)
    }
}
