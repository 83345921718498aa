import Testing
import UpgradeAgent
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeSimulation

/// A node that fetches one file from a scripted server.
final class FetchSite: Sendable {
    static let ticket = Ticket(high: 1, low: 2)

    /// How the server misbehaves.
    struct Manners: Sendable {
        var etag: String? = "\"one\""
        var ignoresRange = false
        var announces: Int64??
        /// The body breaks off after so many bytes of the n-th answer.
        var cut: @Sendable (Int) -> Int? = { _ in nil }
        /// It ends quietly there instead of with an error.
        var endsQuietly = false
        var failure: @Sendable (Int) -> TransferFailure? = { _ in nil }
    }

    let tree = SimFileTree()
    let content: [UInt8]
    let server: Shared<[UInt8]>
    let manners: Shared<Manners>
    let transfer: SimTransfer
    let plan: JobPlan

    init(
        _ content: [UInt8], component: Component = .software, version: String = "1.1.0", manners: Manners = Manners(),
        signature: DetachedSignature? = nil, length: Int64? = nil
    ) throws {
        let signature = try signature ?? Publisher.shared.get().sign(content)
        let file = JobFile(
            component: component, version: version, objectType: "agent_files-\(version)", objectID: "package.tar.gz",
            length: length ?? Int64(content.count), hashAlgorithm: signature.hashAlgorithm, publicKey: signature.publicKey,
            signature: signature.signature)
        plan = JobPlan(versions: [component: version], files: [file])
        let (server, shared) = (Shared(content), Shared(manners))
        (self.content, self.server, self.manners) = (content, server, shared)
        transfer = SimTransfer { request, number in FetchSite.answer(request, number, server.value, shared.value) }
    }

    var file: TreePath { Layout.verified(FetchSite.ticket).appending(plan.files[0].localName) }
    var partial: TreePath { Layout.partial(FetchSite.ticket).appending(plan.files[0].localName) }

    func fetcher() throws -> Fetcher {
        Fetcher(
            ticket: FetchSite.ticket, plan: plan,
            ports: FetchPorts(
                tree: tree, transfer: transfer, trust: try Publisher.shared.get().trust, client: SimExchange(), lowSpeedTime: .seconds(60),
                timeout: .seconds(600)))
    }

    /// Runs a fresh fetcher to its end.
    func fetch() throws {
        var fetcher = try fetcher()
        try finish { try fetcher.step() }
    }

    /// The failure of a fresh fetcher; nil when it came to its end.
    func failure() throws -> ProcedureFailure? {
        do {
            try fetch()
            return nil
        } catch let failure as ProcedureFailure { return failure }
    }

    private static func answer(_ request: TransferRequest, _ number: Int, _ content: [UInt8], _ manners: Manners) -> SimTransfer.Answer {
        if let failure = manners.failure(number) { return SimTransfer.Answer(response: nil, failure: failure) }
        let isRange = request.offset > 0 && request.ifRange == manners.etag && !manners.ignoresRange
        let offset = isRange ? request.offset : 0
        let total = manners.announces ?? Int64(content.count)
        let response = TransferResponse(status: isRange ? 206 : 200, etag: manners.etag, offset: offset, totalLength: total)
        var body = Array(content.dropFirst(Int(offset)))
        guard let cut = manners.cut(number) else { return SimTransfer.Answer(response: response, body: body) }
        body = Array(body.prefix(cut))
        let failure = TransferFailure(.cut, subject: request.url, explanation: "the connection ended")
        return SimTransfer.Answer(response: response, body: body, failure: manners.endsQuietly ? nil : failure)
    }

    /// Bytes without much order.
    static func noise(_ count: Int) -> [UInt8] {
        let chance = SimRandomness(seed: 1)
        var bytes: [UInt8] = []
        while bytes.count < count {
            let block = [UInt8](repeating: UInt8(truncatingIfNeeded: chance.next()), count: 4093)
            bytes.append(contentsOf: block)
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}
