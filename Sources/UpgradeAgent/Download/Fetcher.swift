import FoundationEssentials
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Fetches the files of a plan one after the other: `partial/` with running digest and checkpoints, then length, digest and signature, then
/// `verified/`. Resumes across restarts; at most one checkpoint of bytes is fetched again. Source: contract 2.3, 2.4; architecture, "Bytes and trust".
package struct Fetcher {
    private let ticket: Ticket
    private let ports: FetchPorts
    private var remaining: [JobFile]
    private var current: FileFetch?
    private var prepared = false

    /// Fetches for one attempt; what the attempt's folder holds already is not fetched again.
    package init(ticket: Ticket, plan: JobPlan, ports: FetchPorts) {
        self.ticket = ticket
        self.ports = ports
        remaining = plan.files
    }

    /// One bounded piece of work.
    package mutating func step() throws(ProcedureFailure) -> Step<Void> {
        do {
            if !prepared {
                try prepare()
                return .again
            }
            if current == nil {
                guard let file = remaining.first else { return .done(()) }
                if try ports.tree.entry(Layout.verified(ticket).appending(file.localName)) != nil {
                    remaining.removeFirst()
                    return .again
                }
                current = FileFetch(file, ticket: ticket, ports: ports)
            }
            guard var fetch = current else { return .again }
            let step = try fetch.step()
            current = fetch
            guard case .done = step else { return step }
            current = nil
            remaining.removeFirst()
            return .again
        } catch let failure as ProcedureFailure {
            throw failure
        } catch let failure as TransferFailure {
            throw ProcedureFailure(failure)
        } catch {
            throw ProcedureFailure(.transient(retryAfter: nil), "\(error)")
        }
    }

    /// Ends a transfer that is under way.
    package mutating func stop() {
        current?.stop()
        current = nil
    }

    private mutating func prepare() throws(FileError) {
        let tree = ports.tree
        try tree.ensureDirectory(Layout.jobs, mode: 0o700)
        try tree.ensureDirectory(Layout.job(ticket), mode: 0o700)
        try tree.ensureDirectory(Layout.partial(ticket), mode: 0o700)
        try tree.ensureDirectory(Layout.verified(ticket), mode: 0o700)
        try tree.syncDirectory(Layout.job(ticket))
        try tree.syncDirectory(Layout.jobs)
        try tree.syncDirectory(.root)
        prepared = true
    }
}

/// What fetching needs from outside.
package struct FetchPorts: Sendable {
    package let tree: any FileTree
    package let transfer: any Transfer
    package let trust: any Trust
    package let client: any ExchangeClient
    package let lowSpeedTime: Duration
    package let timeout: Duration

    /// Memberwise.
    package init(
        tree: any FileTree, transfer: any Transfer, trust: any Trust, client: any ExchangeClient, lowSpeedTime: Duration, timeout: Duration
    ) {
        self.tree = tree
        self.transfer = transfer
        self.trust = trust
        self.client = client
        self.lowSpeedTime = lowSpeedTime
        self.timeout = timeout
    }
}
