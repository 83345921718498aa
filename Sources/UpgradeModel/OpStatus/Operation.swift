/// What one piece of work did, does, or waits to do. One record is written over as the work goes on.
///
/// Stored as JSON by synthesized coding: renaming a field needs a migration of the store (a golden sample in the tests notices it).
/// Source: seed `nmis-opstatus.txt`.
package struct Operation: Hashable, Codable, Sendable {
    /// Kinds of work.
    package enum Activity: String, Codable, CaseIterable, Hashable, Sendable {
        /// The hub was asked for news, and told what it was owed.
        case poll
        /// A policy was held against this node.
        case match
        /// The job waits for its start, and for whatever is before it.
        case start
        /// Manifest and metadata are read and files chosen.
        case plan
        /// Files are fetched.
        case download
        /// Fetched bytes are held against digest and signature.
        case verify
        /// The package is unpacked beside the live release.
        case unpack
        /// The high-availability group is asked for this node's turn.
        case turn
        /// The installer makes the switch.
        case install
        /// The new release proves itself.
        case health
        /// The old release is put back.
        case rollback
        /// A status goes to the hub.
        case report
        /// Records that expired are removed.
        case purge
        /// The agent looks whether it can do its work.
        case selftest
        /// The hub looked how its nodes are.
        case monitor
        /// The hub's state was copied.
        case backup
    }

    /// How far the work has come. The seed's `type`.
    package enum Stage: String, Codable, CaseIterable, Hashable, Sendable {
        /// It waits for its time, or for somebody to do it.
        case queued
        /// It is being done.
        case running
        /// It ended, and came to something.
        case completed
        /// It was given up, and nothing was wrong with it.
        case stopped
        /// It failed.
        case exception

        /// The work has not ended.
        package var isOpen: Bool { self == .queued || self == .running }
    }

    /// The name of the record; unique on a node.
    package let id: String
    /// What kind of work.
    package let activity: Activity
    /// The policy that it is for; nil for work of the node itself.
    package let policy: PolicyID?
    /// The attempt that it belongs to; nil for work outside of one.
    package let ticket: Ticket?
    /// The process that does it; nil when another program does.
    package var process: Int?
    /// When it was queued or began.
    package var begun: UTCInstant
    /// When it was last written.
    package var at: UTCInstant
    /// How far it has come.
    package var stage: Stage
    /// One sentence, cut at `detailsMax`: what other programs and hubs say may be long.
    package var details: String { didSet { details = Operation.cut(details) } }
    /// What of it is done, for people; nil when nobody knows.
    package var progress: String?
    /// From when on a purge removes it, unless it is open then.
    package var expires: UTCInstant
    /// Order of writing on a node: each writing gives a higher one. 0 = not written yet.
    package var number: Int

    /// Longest sentence. Bytes.
    package static let detailsMax = 1_000

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > detailsMax else { return text }
        var (length, kept) = (0, String.UnicodeScalarView())
        for scalar in text.unicodeScalars {
            length += UTF8.width(scalar)
            guard length <= detailsMax - 3 else { break }
            kept.append(scalar)
        }
        return String(kept) + "…"
    }

    /// A record that is not written yet.
    package init(
        id: String, _ activity: Activity, policy: PolicyID? = nil, ticket: Ticket? = nil, begun: UTCInstant, at: UTCInstant? = nil,
        _ stage: Stage, _ details: String = ""
    ) {
        self.id = id
        self.activity = activity
        self.policy = policy
        self.ticket = ticket
        self.begun = begun
        self.at = at ?? begun
        self.stage = stage
        self.details = Operation.cut(details)
        expires = .distantFuture
        number = 0
    }

    /// True for work that went well, false for work that failed; nil while nobody can say. The seed's `status`.
    package var succeeded: Bool? {
        switch stage {
        case .queued, .running: nil
        case .completed, .stopped: true
        case .exception: false
        }
    }

    /// How long it took so far; nothing when the clock was set back meanwhile. The seed's `stats.time`.
    package var time: Duration { max(at.duration(since: begun), .zero) }
}
