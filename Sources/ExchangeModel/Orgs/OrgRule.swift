import UpgradeWire

/// How a request becomes the stored org, and the filters of the list. Source: the published API description.
package enum OrgRule {
    /// Refuses an org type that is no filter.
    package static func check(_ query: [String: String]) throws(Refusal) {
        try WildcardRule.check(query, ["organization", "label", "description", "orgtype"])
        guard let type = query["orgtype"], type != "IBM" else { return }
        throw .badInput("invalid orgtype '\(type)'; valid: IBM")
    }

    /// Whether the org fits every filter that was given.
    package static func matches(_ org: OrgDocument, name: String, query: [String: String]) -> Bool {
        let texts = ["organization": name, "label": org.label, "description": org.description, "orgtype": org.orgType]
        return texts.allSatisfy { key, text in query[key].map { WildcardRule.matches(text, filter: $0) } ?? true }
    }

    /// The org after a PUT. What an administrator of the hub sets for it stays when it was left out.
    /// - Parameter body: the request as it came, which says what was left out.
    package static func replaced(by request: OrgDocument, _ body: JSONValue, stored: OrgDocument) -> OrgDocument {
        var next = request
        if body[member: "orgType"] == nil { next.orgType = stored.orgType }
        if body[member: "limits"] == nil { next.limits = stored.limits }
        return next
    }

    /// The org after a PATCH of one attribute.
    package static func patched(_ stored: OrgDocument, by request: OrgDocument, attribute: String) -> OrgDocument {
        var next = stored
        switch attribute {
        case "orgType": next.orgType = request.orgType
        case "label": next.label = request.label
        case "description": next.description = request.description
        case "tags": next.tags = request.tags
        case "limits": next.limits = request.limits
        default: next.heartbeatIntervals = request.heartbeatIntervals
        }
        return next
    }

    /// Type and limits are set for an org and not by it: who changes them must be allowed to make orgs.
    package static func isForHub(from stored: OrgDocument, to next: OrgDocument) -> Bool {
        stored.orgType != next.orgType || stored.limits != next.limits
    }
}
