import UpgradeModel
import UpgradePorts

/// What is to be tried: a scenario's fleet in real time, against a true hub.
package struct LoadOrder: Sendable {
    /// What happens.
    package var scenario: Scenario
    /// Draws moments, and who is sick. In every name that is made at the hub.
    package var seed: UInt64
    /// The hub, without `/v1`: the exchange, its objects and the turns of groups.
    package var url: String
    /// The organization.
    package var org: String
    /// An administrator of it.
    package var credentials: Credentials
    /// Which servers are believed.
    package var trust: HubTrust
    /// It may be done beside nodes and policies of others.
    package var isSure: Bool

    /// Memberwise.
    package init(
        scenario: Scenario, seed: UInt64, url: String, org: String, credentials: Credentials, trust: HubTrust, isSure: Bool
    ) {
        self.scenario = scenario
        self.seed = seed
        self.url = url
        self.org = org
        self.credentials = credentials
        self.trust = trust
        self.isSure = isSure
    }

    /// How every name begins that is made at the hub.
    package var prefix: String { "load-\(seed)-" }
}

/// How far it is.
package struct LoadProgress: Sendable {
    /// What is done just now, in a few words.
    package var phase = ""
    /// Nodes that the hub knows.
    package var registered = 0
    /// Nodes in all.
    package var nodes = 0
    /// Polls so far.
    package var polls = 0
    /// Requests so far.
    package var requests = 0
    /// Of these, in the last whole second.
    package var perSecond = 0

    /// Nothing is done yet.
    package init() {}
}

/// Why it could not be tried, or not to its end.
package struct LoadFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Who has to do something.
    package enum Kind: Hashable, Sendable {
        /// The scenario, or how it was asked for.
        case order
        /// The hub did not answer, or refused.
        case hub
        /// Nobody: it was wanted.
        case interrupted
    }

    /// See `Kind`.
    package let kind: Kind
    /// What was tried, found and expected, and what to do.
    package let explanation: String

    /// Nothing came at all: who asks on may wait for ever.
    package let isSilence: Bool

    /// Memberwise.
    package init(_ kind: Kind, _ explanation: String, isSilence: Bool = false) {
        self.kind = kind
        self.explanation = explanation
        self.isSilence = isSilence
    }

    package var description: String { explanation }
}
