import UpgradeModel
import UpgradePorts

/// What the simulator itself knows of a node, whatever its agent says.
struct NodeTruth: Sendable {
    /// The newest committed word of each policy.
    var words: [PolicyID: Status] = [:]
    /// The last thing that the hub heard about each policy.
    var arrived: [PolicyID: OutboxRow.Content] = [:]
    /// The versions that the hub heard of last.
    var arrivedVersions: [Component: String]?
    /// Those of all attempts so far.
    var tickets: Set<Ticket> = []
    /// Versions that went back here and were not asked for by a person since.
    var rolledBack: Set<String> = []
    /// A person's reset stands at the hub, and the node has not answered it yet.
    var isReset = false
    /// A reset came before the end of a way back: it holds for what follows.
    var isForgiven = false
    /// Policies that a person reset, and whether the node has heard of it, until their next attempt is over: whatever fails for another one
    /// meanwhile, these may try it.
    var insisting: [PolicyID: Bool] = [:]
    /// Whose attempt an installer got last.
    var trying: PolicyID?
    /// A policy was removed while the node was down for it: the hub forgets whose turn it is with the policy.
    var hasLostTurn = false
    /// A person wants the node to forget all it had to do.
    var isLeaving = false
    /// Releases whose health command ended well, in this boot or before a commit was intended.
    var proven: Set<Int> = []
    /// When the attempt that is under way began.
    var begun: Duration = .zero
    /// When an installer got the job that is under way.
    var handedOver: Duration = .zero
    /// When something last befell the machine: a kill, a power cut, a full disk.
    var disturbed: Duration = .zero
    /// Its disk is made small.
    var isFull = false
    /// When a call to the hub last failed.
    var unheard: Duration = .zero
    /// When the hub last had a sign of life that counts for a turn.
    var seen: Duration = .zero
    /// Since when a job that is due could have begun, for all that is known.
    var free: Duration = .zero
    /// Requests that only find out during a trial whether the hub is there.
    var probes = Tally()
    /// Installers that were started.
    var installers = Tally()
}

/// How often something was done in the present ten minutes.
struct Tally: Sendable {
    private var period = 0
    private var count = 0

    /// Once more.
    /// - Returns: how often it was in this period.
    mutating func add(in period: Int) -> Int {
        if self.period != period { (self.period, count) = (period, 0) }
        count += 1
        return count
    }
}
