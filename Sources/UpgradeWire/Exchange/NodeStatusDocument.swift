/// What a node says about its services. Source: contract 1.2, `NodeStatus` of the published API description.
package struct NodeStatusDocument: Codable, Hashable, Sendable {
    /// Shape: host → whether it is reached.
    package var connectivity: [String: Bool]
    /// As the node sent them.
    package var services: [JSONValue]
    /// `|org/url_version_arch|…|`, which the exchange makes of the services.
    package var runningServices: String
    /// RFC 3339.
    package var lastUpdated: String

    private enum CodingKeys: String, CodingKey { case connectivity, services, runningServices, lastUpdated }

    /// Memberwise.
    package init(
        connectivity: [String: Bool] = [:], services: [JSONValue] = [], runningServices: String = "", lastUpdated: String = ""
    ) {
        self.connectivity = connectivity
        self.services = services
        self.runningServices = runningServices
        self.lastUpdated = lastUpdated
    }

    /// Absent keys are empty. Errors: `DecodingError` for a wrong kind.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        connectivity = try container.read(.connectivity, or: [:])
        services = try container.read(.services, or: [])
        runningServices = try container.read(.runningServices, or: "")
        lastUpdated = try container.read(.lastUpdated, or: "")
    }
}
