import UpgradeModel

/// The paths of the hub, built in one place: each name is one percent-encoded segment, so that no name from the exchange can fold a URL.
/// Source: contract 1 and 2.
package enum HubPath {
    /// `orgs/{org}`.
    package static func org(_ org: String) -> String { join("orgs", org) }
    /// `orgs/{org}/users/{user}`.
    package static func user(_ org: String, _ user: String) -> String { join("orgs", org, "users", user) }
    /// `orgs/{org}/nodes`.
    package static func nodes(_ org: String) -> String { join("orgs", org, "nodes") }
    /// `orgs/{org}/nodes/{node}`.
    package static func node(_ org: String, _ node: String) -> String { join("orgs", org, "nodes", node) }
    /// `orgs/{org}/nodes/{node}/policy`.
    package static func nodePolicy(_ org: String, _ node: String) -> String { join("orgs", org, "nodes", node, "policy") }
    /// `orgs/{org}/nodes/{node}/selfReport`: an addition of `uplift-exchange`.
    package static func selfReport(_ org: String, _ node: String) -> String { join("orgs", org, "nodes", node, "selfReport") }
    /// `orgs/{org}/nodes/{node}/health`: an addition of `uplift-exchange`.
    package static func health(_ org: String, _ node: String) -> String { join("orgs", org, "nodes", node, "health") }
    /// `admin/opstatus`: an addition of `uplift-exchange`.
    package static func operations(_ query: [(name: String, value: String)]) -> String {
        "admin/opstatus?" + query.map { "\($0.name)=\(segment($0.value))" }.joined(separator: "&")
    }
    /// `orgs/{org}/managementpolicies`.
    package static func policies(_ org: String) -> String { join("orgs", org, "managementpolicies") }
    /// `orgs/{org}/managementpolicies/{policy}`.
    package static func policy(_ id: PolicyID) -> String { join("orgs", id.org, "managementpolicies", id.name) }
    /// `orgs/{org}/nodes/{node}/managementStatus`.
    package static func statuses(_ org: String, _ node: String) -> String { join("orgs", org, "nodes", node, "managementStatus") }
    /// `orgs/{org}/nodes/{node}/managementStatus/{policy}`.
    package static func status(_ org: String, _ node: String, _ policy: String) -> String {
        join("orgs", org, "nodes", node, "managementStatus", policy)
    }
    /// `orgs/{org}/nodes/{node}/managementStatusHistory`: an addition of `uplift-exchange`.
    package static func statusHistory(_ org: String, _ node: String) -> String {
        join("orgs", org, "nodes", node, "managementStatusHistory")
    }
    /// `orgs/{org}/managementStatus` with its query: an addition of `uplift-exchange`.
    /// - Parameter after: what the answer before named as `next`.
    package static func fleetStatuses(_ org: String, policy: String, after: String?, limit: Int) -> String {
        let place = after.map { "&after=" + segment($0) } ?? ""
        return join("orgs", org, "managementStatus") + "?policy=" + segment(policy) + place + "&limit=\(limit)"
    }
    /// `admin/fleet/report`: an addition of `uplift-exchange`.
    package static let fleetReport = "admin/fleet/report"
    /// The same without the nodes, and with only the changes behind one that is known.
    package static func fleetChanges(after number: Int) -> String { fleetReport + "?nodes=false&after=\(number)" }
    /// `orgs/{org}/changes`.
    package static func changes(_ org: String) -> String { join("orgs", org, "changes") }
    /// `changes/maxchangeid`.
    package static let maxChangeID = "changes/maxchangeid"
    /// `orgs/IBM/AgentFileVersion`; the org is fixed.
    package static let agentFileVersion = "orgs/IBM/AgentFileVersion"
    /// `admin/version`.
    package static let version = "admin/version"
    /// `api/v1/objects/{org}/{type}/{id}`, below the CSS address.
    package static func object(_ org: String, _ type: String, _ id: String) -> String { "api/v1/" + join("objects", org, type, id) }
    /// `api/v1/objects/{org}/{type}/{id}/data`, below the CSS address.
    package static func objectData(_ org: String, _ type: String, _ id: String) -> String { object(org, type, id) + "/data" }
    /// `api/v1/objects/{org}`, below the CSS address.
    package static func objects(_ org: String) -> String { "api/v1/" + join("objects", org) }

    /// `org/{org}/hagroup/{group}/nodemanagement/{node}/{policy}`, below the agbot's address.
    package static func turn(_ org: String, _ group: String, node: String, policy: String) -> String {
        join("org", org, "hagroup", group, "nodemanagement", node, policy)
    }

    /// A base address and a path below it.
    package static func url(_ base: String, _ path: String) -> String {
        base.hasSuffix("/") ? base + path : base + "/" + path
    }

    /// One segment, percent-encoded; `.` and `..` are encoded too, because clients and proxies fold them (RFC 3986, 5.2.4).
    package static func segment(_ name: String) -> String {
        if name == "." { return "%2E" }
        if name == ".." { return "%2E%2E" }
        var text = ""
        for byte in name.utf8 {
            if isUnreserved(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%" + Digest.hexText([byte]).uppercased()
            }
        }
        return text
    }

    private static func join(_ segments: String...) -> String { segments.map(segment).joined(separator: "/") }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }
}
