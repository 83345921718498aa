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
