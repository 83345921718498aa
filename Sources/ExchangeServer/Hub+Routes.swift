import ExchangeModel
import UpgradeWire

extension Hub {
    /// Every route of the hub, room by room.
    func routes(partsMax: Int) -> [Route] {
        OrgRoutes(hub: self).routes + UserRoutes(hub: self).routes + NodeRoutes(hub: self).routes + NodePolicyRoutes(hub: self).routes
            + NodeReportRoutes(hub: self).routes
            + ManagementPolicyRoutes(hub: self).routes + ManagementStatusRoutes(hub: self).routes + FleetStatusRoutes(hub: self).routes
            + AgentFileVersionRoutes(hub: self).routes
            + AgbotRoutes(hub: self).routes + NodeGroupRoutes(hub: self).routes + TurnRoutes(hub: self).routes
            + ChangeRoutes(hub: self).routes + ObjectRoutes(hub: self).routes
            + ObjectDataRoutes(hub: self, parts: DownloadLimit(partsMax)).routes + AdminRoutes(hub: self).routes
            + FleetReportRoutes(hub: self).routes + SelfReportRoutes(hub: self).routes
    }

    /// Before the first request: the orgs that a hub always has, and no files that nothing refers to.
    func prepare() async throws {
        try await store.write { [now = timestamp()] tables in
            for (name, label) in [("root", "Root Org"), ("IBM", "IBM Org")] where try tables.org(name) == nil {
                try tables.putOrg(
                    name, OrgDocument(orgType: name == "IBM" ? "IBM" : "", label: label, description: label, lastUpdated: now))
            }
        }
        try files.removeAll(except: try await store.read { try $0.dataFiles() })
    }
}
