import UpgradeWire

/// What a node reports about itself, as it is stored and shown. Source: contract 1.2 and the published API description.
package enum NodeReportRule {
    /// The status with the text that names the running services.
    package static func stored(_ status: NodeStatusDocument, lastUpdated: String) -> NodeStatusDocument {
        var stored = status
        stored.runningServices = status.services.reduce("|") { $0 + name(of: $1) + "|" }
        stored.lastUpdated = lastUpdated
        return stored
    }

    private static func name(of service: JSONValue) -> String {
        func text(_ key: String) -> String { service[member: key]?.string ?? "" }
        return "\(text("orgid"))/\(text("serviceUrl"))_\(text("version"))_\(text("arch"))"
    }
}
