import Synchronization
import UpgradeModel
import UpgradePorts

/// What people do, as far as it changes what may be.
extension Inspector {
    /// A person reset the node's job: what failed may be tried again.
    func wasReset(_ node: String, _ policy: PolicyID) {
        learn(node) { truth in
            truth.insisting[policy] = false
            truth.rolledBack = []
            truth.isReset = true
            // One that comes before the end of a way back holds for what follows it.
            if truth.words.values.contains(where: { !$0.isFinal }) { truth.isForgiven = true }
        }
    }

    /// People put a policy up.
    func published(_ policy: NodeManagementPolicy) { state.withLock { $0.terms[policy.id, default: []].append(policy) } }

    /// From now on a good package lies at the hub; who has begun to fetch the other one may give it up.
    func replaced(_ version: String) {
        let now = timeline.now
        state.withLock { state in
            state.replaced.insert(version)
            state.outage = now
        }
    }

    /// How a version lies at the hub.
    func offered(_ version: String) -> Build {
        let build = scenario.build(version)
        return state.withLock { $0.replaced.contains(version) } ? build.repaired : build
    }

    /// A person wants the node to forget all it had to do.
    func isLeaving(_ node: String) { learn(node) { $0.isLeaving = true } }

    /// It has forgotten it.
    func wasUnregistered(_ node: String) { learn(node) { $0.words = [:] } }
}
