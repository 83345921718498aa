import UpgradeModel

/// Something that must be so.
package enum FleetExpectation: Sendable {
    /// At `by` (nil = at the end), of the nodes that the policy concerns, at least and at most this share has the status.
    case status(policy: String, Status, atLeast: Double, atMost: Double, by: Duration?)
    /// At the end, this share of all nodes runs the version.
    case version(String, atLeast: Double, atMost: Double)
    /// At the end, this share of all nodes has this configuration or certificate.
    case file(Component, version: String, atLeast: Double, atMost: Double)
    /// In no second more requests than this reach the hub.
    case requestsPerSecond(atMost: Int)
    /// In the whole run at most this many.
    case requests(atMost: Int)
    /// The whole fleet fetched at most this.
    case bytes(atMost: Int64)
    /// At no moment are more nodes without an agent because of upgrades, in all.
    case down(atMost: Int)
    /// At no moment are more members of one high-availability group.
    case downInGroup(atMost: Int)
    /// At the end, at most this many nodes have committed a version that dies by itself there, or reaches no hub; none, unless this says more.
    case unwell(atMost: Int)
    /// The faults have had an effect at least so often, in all.
    case faults(atLeast: Int)
    /// On this share of all nodes something happened whose line in the trace holds this text.
    case happened(String, atLeast: Double, atMost: Double)
}
