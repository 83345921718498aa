/// Something that goes wrong.
package struct Fault: Sendable {
    /// From when, and until when: one instant for what happens once, drawn between them.
    package var from: Duration
    /// See `from`.
    package var until: Duration
    /// On which nodes.
    package var who: Share = .part(1)
    /// What.
    package var kind: Kind

    /// For `until`: as long as the scenario lasts.
    package static let theEnd = Duration.seconds(9_000_000_000)

    /// The same, over at this instant.
    func ended(by end: Duration) -> Fault {
        var fault = self
        (fault.from, fault.until) = (min(from, end), min(until, end))
        return fault
    }

    /// It should last, and is over as soon as it begins: nothing would come of it.
    var isNothing: Bool { kind.lasts && until <= from }

    /// On every node.
    package init(_ kind: Kind, from: Duration, until: Duration) {
        self.kind = kind
        self.from = from
        self.until = until
    }

    /// What can go wrong.
    package enum Kind: Hashable, Sendable {
        // MARK: Processes and power

        /// The agent is killed, an installer too.
        case kill
        /// Killed in the middle of the disk operations of the next upgrade, at the operation with this number.
        case killAtOperation(Int)
        /// Whenever an installer is at work it is killed, this long after its start, for the whole time.
        case killInstaller(after: Duration)
        /// The agent hangs until the service manager kills it.
        case agentHangs
        /// No agent can be started, for the whole time.
        case noAgentStarts
        /// The power goes, and comes back after this long; what was not synced may be gone.
        case powerCut(back: Duration)
        /// The power goes at that operation.
        case cutAtOperation(Int)
        /// The power goes this many times, each time so long after it came back.
        case powerCycles(Int, apart: Duration)

        // MARK: Disk

        /// Only so many bytes are free, for the whole time.
        case diskFull(free: Int64)
        /// The operation with this number, counted from the moment, does nothing and says so.
        case diskError(atOperation: Int)
        /// The operation with this number finds no space.
        case noSpace(atOperation: Int)
        /// The commit with this number fails.
        case commitFails(Int)
        /// The commit with this number takes effect and says that it failed.
        case commitUncertain(Int)
        /// After so many commits more no commit succeeds until the fault's end.
        case readOnlyDatabase(after: Int)
        /// The program of the release that leads back is gone.
        case wayBackLost
        /// The agent's database is gone; its processes were killed.
        case databaseLost
        /// The agent's database cannot be read; its processes were killed.
        case databaseDamaged

        // MARK: Clock

        /// The wall clock is set by so much.
        case clockJump(Duration)
        /// The wall clock is wrong by so much, for the whole time.
        case clockWrong(Duration)

        // MARK: Link and hub

        /// No call gets through, for the whole time.
        case partition
        /// The hub answers every call with this status, for the whole time.
        case hubAnswers(Int)
        /// The hub's TLS certificate is not believed, as after its end, for the whole time.
        case hubUntrusted
        /// The hub takes requests and the answers are lost, with this likelihood, for the whole time.
        case lostAnswers(Double)
        /// Requests reach the hub twice, with this likelihood, for the whole time.
        case repeatedCalls(Double)
        /// Downloads go wrong, for the whole time.
        case download(DownloadTrouble)
    }
}

extension Fault.Kind {
    /// True for what begins and ends, false for what happens at one instant.
    package var lasts: Bool {
        switch self {
        case .killInstaller, .noAgentStarts, .diskFull, .readOnlyDatabase, .clockWrong, .partition, .hubAnswers, .hubUntrusted,
            .lostAnswers, .repeatedCalls, .download:
            true
        case .kill, .killAtOperation, .agentHangs, .powerCut, .cutAtOperation, .powerCycles, .diskError, .noSpace, .commitFails,
            .commitUncertain, .wayBackLost, .databaseLost, .databaseDamaged, .clockJump:
            false
        }
    }
}

/// How a download goes wrong.
package enum DownloadTrouble: Hashable, Sendable {
    /// So many bytes a second.
    case slow(Int64)
    /// Each answer breaks off after this share of the whole.
    case cut(after: Double)
    /// Each answer ends, as if it were whole, after this share.
    case ends(after: Double)
    /// Nothing comes any more after this share, and nobody closes.
    case stalls(after: Double)
    /// No length is announced, and more comes than there should be.
    case endless
    /// The announced length is not that of the metadata.
    case wrongLength
    /// A request for the rest is answered with 200 and the whole.
    case ignoresRange
    /// A request for the rest is answered from another byte on.
    case wrongRange
    /// A redirect to a place that must not be asked.
    case redirect
    /// This status instead of the bytes.
    case answers(Int)
}
