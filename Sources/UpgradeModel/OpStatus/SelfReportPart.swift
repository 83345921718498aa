/// What a hub may want to hear of a node beside its statuses. Only `uplift-exchange` asks; where nobody asks nothing is sent.
package enum SelfReportPart: String, CaseIterable, Hashable, Sendable {
    /// How the node is. Source: seed `dataone-uc10-mn-status-reports.rst`, `getStatus()`.
    case health
    /// What it did since it told that last. Source: seed `nmis-opstatus.txt`.
    case opstatus
}
