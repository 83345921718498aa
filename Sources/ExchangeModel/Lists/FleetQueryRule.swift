import UpgradeWire

/// What `GET orgs/{org}/managementStatus` is asked for: `policy`, `status`, `after` and `limit`. An addition of ours.
package enum FleetQueryRule {
    /// Statuses of a page unless told otherwise.
    package static let limitDefault = 1_000
    /// Most statuses of a page.
    package static let limitMax = 2_000

    /// Which statuses; of nodes that the caller may see in the list of nodes. Refuses a place that no answer has named.
    package static func filter(_ query: [String: String], caller: Caller) throws(Refusal) -> HubStatusFilter {
        try WildcardRule.check(query, ["policy", "status"])
        var filter = HubStatusFilter(policy: query["policy"], word: query["status"])
        if caller.role == .user { filter.owner = caller.name }
        guard let text = query["after"] else { return filter }
        guard let after = StatusCursor(text: text) else {
            throw .badInput("'after' is '\(text)'; it must be what 'next' said in the answer before")
        }
        filter.after = after
        return filter
    }

    /// How many. Refuses what is no number from 1 to the most.
    package static func limit(_ query: [String: String]) throws(Refusal) -> Int {
        guard let text = query["limit"] else { return limitDefault }
        guard let limit = Int(text), (1...limitMax).contains(limit) else {
            throw .badInput("'limit' is '\(text)'; it must be a whole number from 1 to \(limitMax)")
        }
        return limit
    }
}

extension StatusCursor {
    /// Reads what `text` wrote; nil for anything else.
    package init?(text: String) {
        guard let segments = PathRule.segments(of: "/" + text), segments.count == 2 else { return nil }
        self.init(node: segments[0], policy: segments[1])
    }

    /// Node and policy, each percent-encoded, with a slash between.
    package var text: String { HubPath.segment(node) + "/" + HubPath.segment(policy) }
}
