import UpgradeModel

/// The permission of a high-availability group, in the hands of one member for one policy. Source: contract 1.7.
package struct Turn: Hashable, Sendable {
    /// Bare id of the member.
    package var node: String
    /// Bare name of the policy.
    package var policy: String
    /// When it was granted first.
    package var granted: UTCInstant
    /// When it was granted or renewed last.
    package var renewed: UTCInstant

    /// Memberwise.
    package init(node: String, policy: String, granted: UTCInstant, renewed: UTCInstant) {
        self.node = node
        self.policy = policy
        self.granted = granted
        self.renewed = renewed
    }
}

/// When a turn ends by itself, and which words end it. Source: contract 1.7; the lease is a deviation: a dead node blocks nobody for ever.
package enum TurnRule {
    /// A holder that has given no sign of life for so long has lost its turn.
    package static let lease = Duration.seconds(3600)

    /// What a member hears that asks for the turn.
    package enum Answer: Hashable, Sendable {
        /// It is its turn; this is to be stored.
        case granted(Turn)
        /// Another member, or another policy of the same node, is being upgraded.
        case taken(Turn)
    }

    /// - Parameters:
    ///   - turn: who has it now.
    ///   - lastSeen: when that node gave its last sign of life, if it is known.
    package static func answer(node: String, policy: String, turn: Turn?, lastSeen: UTCInstant?, now: UTCInstant) -> Answer {
        guard var turn, !isOver(turn, lastSeen: lastSeen, now: now) else {
            return .granted(Turn(node: node, policy: policy, granted: now, renewed: now))
        }
        guard turn.node == node, turn.policy == policy else { return .taken(turn) }
        turn.renewed = now
        return .granted(turn)
    }

    /// Whether nobody has heard of the holder for the time of a lease.
    package static func isOver(_ turn: Turn, lastSeen: UTCInstant?, now: UTCInstant) -> Bool {
        now.duration(since: max(turn.renewed, lastSeen ?? turn.renewed)) > lease
    }

    /// Whether the job is over when its node says this word. `failed` is followed by the way back; after `rollback failed` the node is down,
    /// and the next member must not follow it there before somebody has looked or the lease is over (deviation).
    package static func ends(_ word: Status?) -> Bool {
        switch word {
        case .downloadStarted, .downloaded, .initiated, .failed, .rollbackStarted, .rollbackFailed, .haNodeWaiting: false
        case .waiting, .successful, .downloadFailed, .precheckFailed, .noActionRequired, .rollbackSuccessful, .reset, .unknown, nil: true
        }
    }
}
