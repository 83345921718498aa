import Synchronization
import UpgradeCore
import UpgradeModel
import UpgradePorts

/// Which policies of the hub are for this node: read in one go, decided later, after what is owed was sent.
final class Evaluation: Sendable {
    /// What the hub wants of this node, as read in one go.
    struct Wishes: Sendable {
        let policies: [NodeManagementPolicy]
        let node: NodePolicy.Part
        let record: NodeRecord
        /// The newest versions that are offered; nil when no job follows them.
        let newest: PerComponent<String>?
        /// Policies that are not those any more that this node knew by their names.
        let replaced: Set<PolicyID>
        /// Which evaluation this answers.
        let number: Int
    }

    private struct State {
        /// Evaluations asked for and done: one that is asked for in the middle of another is not lost.
        var wanted = 1
        var done = 0
        /// A policy should have vanished while words of it were still owed: looked at again once they are sent.
        var mustDecideAgain = false
        /// Policies that are not those any more whose jobs the installer had.
        var foreign: Set<PolicyID> = []
    }

    private let state = Mutex(State())
    private let engine: Engine
    private let machine: MachineProperties
    /// For a machine that has none: the same one until the hub has taken it.
    private let hardwareID: String

    /// One evaluation is wanted from the start.
    init(engine: Engine, machine: MachineProperties, hardwareID: String) {
        self.engine = engine
        self.machine = machine
        self.hardwareID = hardwareID
    }

    /// True until the policies have been read and decided: nothing is started on terms that may be old.
    var isPending: Bool { state.withLock { $0.wanted != $0.done } }

    /// Policies of which nothing may be said just now: the installer has a job of another one that had the name before. What becomes of that
    /// job is decided when the installer has ended.
    var withheld: Set<PolicyID> {
        let foreign = state.withLock { $0.foreign }
        guard !foreign.isEmpty else { return [] }
        let jobs = engine.snapshot.jobs
        return foreign.filter { jobs[$0]?.handover != nil }
    }

    /// The policies must be looked at again.
    func ask() { state.withLock { $0.wanted += 1 } }

    /// Nothing is owed any more: what was kept for that is looked at again.
    func allIsSent() {
        state.withLock {
            guard $0.mustDecideAgain else { return }
            $0.mustDecideAgain = false
            $0.wanted += 1
        }
    }

    /// Reads all that an evaluation looks at.
    func read(_ client: any ExchangeClient) throws(TransferFailure) -> Wishes {
        let number = state.withLock { $0.wanted }
        let record = try client.node()
        let policy = try completed(try client.nodePolicy(), client)
        let policies = try client.policies()
        return Wishes(
            policies: policies, node: EffectivePolicyRule.effective(policy), record: record, newest: try newest(client),
            replaced: try replaced(policies, client), number: number)
    }

    /// Policies that were deleted and published anew while this node did not look: the exchange forgot their statuses with them. That alone
    /// proves nothing, an exchange restored from a backup may have lost one; that a policy was written since proves nothing either, every
    /// edit does that and renews `created` too.
    private func replaced(_ policies: [NodeManagementPolicy], _ client: any ExchangeClient) throws(TransferFailure) -> Set<PolicyID> {
        let snapshot = engine.snapshot
        let written = policies.filter { policy in
            // A lost memory cannot tell when the policy was written; it says its word once more, and begins nothing. A single lost record
            // cannot even do that: without it the policy would start.
            if case .quarantined? = snapshot.jobs[policy.id] {
                return snapshot.keys[.databaseLost] != nil && !snapshot.outbox.contains { $0.policy == policy.id }
            }
            return snapshot.jobs[policy.id]?.facts?.isOlder(than: policy) == true
        }
        // Not what was read before the policies: those may have been replaced in between.
        let told = written.isEmpty ? [:] : try client.statuses()
        let replaced = Set(written.map(\.id).filter { told[$0] == nil })
        // What the installer has goes on to its end.
        let foreign = replaced.filter { snapshot.jobs[$0]?.handover != nil }
        state.withLock { $0.foreign = foreign }
        return replaced.subtracting(foreign)
    }

    /// The jobs of replaced policies end as if these had been deleted, before a word of them is sent that would stand under the new ones.
    func forgetReplaced(_ wishes: Wishes) throws {
        for policy in wishes.replaced.sorted() {
            try engine.handle(policy, .unmatched(reason: "the policy was deleted and published anew"))
        }
    }

    /// The policy with what the machine says of itself. The hub is told too, for the command line and for other agents; matching does not
    /// wait for that.
    private func completed(_ policy: NodePolicy, _ client: any ExchangeClient) throws(TransferFailure) -> NodePolicy {
        let full = BuiltInPropertiesRule.adding(machine, to: policy, freshHardwareID: hardwareID)
        if full != policy { try? client.putNodeProperties(full.top.properties) }
        return full
    }

    /// Asked only when an ended job follows what is offered.
    private func newest(_ client: any ExchangeClient) throws(TransferFailure) -> PerComponent<String>? {
        let isFollowed = engine.snapshot.jobs.values.contains { state in
            if case .ended(let facts, _) = state { !facts.latest.isEmpty } else { false }
        }
        guard isFollowed else { return nil }
        let offered = try client.agentFileVersions()
        return PerComponent(
            software: VersionResolutionRule.newest(of: offered.software),
            configuration: VersionResolutionRule.newest(of: offered.configuration),
            certificate: VersionResolutionRule.newest(of: offered.certificate))
    }

    /// Every job hears whether it is still wanted.
    /// - Parameter owed: policies whose words could not be sent; their rows stay, so that no word is lost.
    func decide(_ wishes: Wishes, keeping owed: Set<PolicyID>) throws {
        if engine.snapshot.keys[.group] != wishes.record.group { try engine.record([.set(.group, wishes.record.group)]) }
        var reasons: [PolicyID: String] = [:]
        for gone in engine.snapshot.jobs.keys { reasons[gone] = "the policy was deleted" }
        for policy in wishes.policies {
            reasons[policy.id] = obstacle(policy, wishes)
            guard reasons[policy.id] == nil else { continue }
            try engine.handle(policy.id, .matched(JobTerms(policy), lastUpdated: policy.lastUpdated))
            if let newest = wishes.newest { try engine.handle(policy.id, .published(newest)) }
        }
        for (policy, reason) in reasons.sorted(by: { $0.key < $1.key }) where engine.snapshot.jobs[policy] != nil {
            if owed.contains(policy) {
                state.withLock { $0.mustDecideAgain = true }
            } else {
                try engine.handle(policy, .unmatched(reason: reason))
            }
        }
        state.withLock { $0.done = wishes.number }
    }

    private func obstacle(_ policy: NodeManagementPolicy, _ wishes: Wishes) -> String? {
        guard policy.enabled else { return "the policy is disabled" }
        switch MatchRule.verdict(policy: policy, node: wishes.node, nodePattern: wishes.record.pattern) {
        case .matches: return nil
        case .doesNotMatch: return "the policy does not match this node any more"
        }
    }
}

extension JobTerms {
    /// What a policy asks of a job.
    fileprivate init(_ policy: NodeManagementPolicy) {
        self.init(
            manifest: policy.manifest, allowDowngrade: policy.allowDowngrade, start: policy.start, startWindow: policy.startWindowSeconds)
    }
}
