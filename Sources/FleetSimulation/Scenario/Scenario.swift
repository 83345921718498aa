import UpgradeModel
import UpgradeWire

/// What is simulated: a fleet, a hub, what is published, what goes wrong, and what is expected of it. Times count from the run's beginning.
package struct Scenario: Sendable {
    /// One word for reports and file names.
    package var name: String
    /// One sentence for people.
    package var about = ""
    /// What clocks say at the run's beginning.
    package var begins = UTCInstant(secondsSinceEpoch: 1_767_225_600)
    /// Which lines of a list of scenarios that must exist this is.
    package var covers: [String] = []
    /// Virtual time until which faults happen; then they end, and everything must come to its end within `settling`.
    package var duration: Duration = .seconds(6 * 3600)
    /// How long the fleet may take to come to rest after the last fault.
    package var settling: Duration = .seconds(24 * 3600)
    /// The machines.
    package var fleet: [NodeGroup] = []
    /// The hub.
    package var hub = HubTraits()
    /// Packages that steps publish.
    package var builds: [Build] = []
    /// Configurations and certificates that steps publish; those that nobody describes are right.
    package var files: [HubFile] = []
    /// What people do at the hub.
    package var steps: [ScenarioStep] = []
    /// What goes wrong.
    package var faults: [Fault] = []
    /// What must come of it.
    package var expectations: [FleetExpectation] = []

    /// Nothing happens in it.
    package init(name: String) { self.name = name }

    /// The build of a version; a version that nobody describes is healthy and small.
    package func build(_ version: String) -> Build { builds.first { $0.version == version } ?? Build(version: version) }

    /// Policies that steps publish: their names, and the software that they ask for, as manifests say it.
    package var published: [(policy: String, software: String)] {
        steps.compactMap { step in
            switch step.deed {
            case .publish(let rollout): (rollout.policy, rollout.software)
            case .publishDocuments(let documents): (documents.name, documents.manifest.softwareUpgrade.version)
            case .disable, .remove, .reset, .replace, .hold, .unhold, .unregister: nil
            }
        }
    }

    /// Versions that are published and that no build describes, sorted: they are offered, too.
    package var versionsWithoutBuild: [String] {
        Set(published.map(\.software)).subtracting(builds.map(\.version)).filter { Version($0) != nil }.sorted()
    }

    /// Machines in all.
    package var nodeCount: Int { fleet.reduce(0) { $0 + $1.count } }
}

/// Machines that are alike.
package struct NodeGroup: Sendable {
    /// The beginning of their names.
    package var name: String
    /// How many.
    package var count: Int
    /// The version that runs at the beginning.
    package var version = "1.0.0"
    /// What their node policies say.
    package var properties: [Property] = []
    /// Constraints of their node policies.
    package var constraints: [String] = []
    /// Members of one high-availability group; 0 = none.
    package var highAvailability = 0
    /// Their way to the hub.
    package var link = Link()
    /// Bytes that the state folder may hold.
    package var diskBytes: Int64 = 1 << 32
    /// How wrong their clocks may be: each is set off by up to this, forward or back.
    package var clockSkew: Duration = .zero
    /// Settings in `/etc/uplift`.
    package var settings: [SettingKey: String] = [:]
    /// The operator has put a health probe there.
    package var hasHealthProbe = false

    /// Healthy machines with a good link.
    package init(name: String, count: Int) {
        self.name = name
        self.count = count
    }
}

/// The way from a node to the hub.
package struct Link: Hashable, Sendable {
    /// One way and back.
    package var latency: Duration = .milliseconds(50)
    /// Bytes a second.
    package var bandwidth: Int64 = 1_000_000
    /// How likely a call is lost, 0…1.
    package var loss: Double = 0

    /// A good one.
    package init() {}
}

/// The hub as the fleet meets it.
package struct HubTraits: Sendable {
    /// Requests a second that it answers; more get 429. 0 = as many as come.
    package var requestsPerSecond = 0
    /// What it says in `Retry-After` then.
    package var retryAfter: Duration = .seconds(5)

    /// A hub that answers everything.
    package init() {}
}
