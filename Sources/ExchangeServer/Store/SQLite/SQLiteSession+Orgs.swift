import ExchangeModel
import SQLite
import UpgradeWire

extension SQLiteSession {
    func org(_ name: String) throws -> OrgDocument? {
        try firstDocument(OrgDocument.self, "SELECT document FROM orgs WHERE name = ?", [.text(name)])
    }

    func orgs() throws -> [String: OrgDocument] {
        try documents(OrgDocument.self, by: "name", "SELECT name, document FROM orgs", [])
    }

    func putOrg(_ name: String, _ org: OrgDocument) throws {
        try database.execute(
            "INSERT INTO orgs (name, document) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET document = excluded.document",
            [.text(name), .text(try text(org))])
    }

    func deleteOrg(_ name: String) throws -> Bool {
        try database.execute("DELETE FROM orgs WHERE name = ?", [.text(name)]) > 0
    }

    func counts(org: String?) throws -> HubCounts {
        let filter = org == nil ? "" : " WHERE org = ?"
        let values = org.map { [Value.text($0)] } ?? []
        return HubCounts(
            orgs: Int(try number("SELECT count(*) FROM orgs")),
            users: Int(try number("SELECT count(*) FROM users" + filter, values)),
            nodes: Int(try number("SELECT count(*) FROM nodes" + filter, values)),
            registeredNodes: Int(try number("SELECT ifnull(sum(is_registered), 0) FROM nodes" + filter, values)),
            agbots: Int(try number("SELECT count(*) FROM agbots" + filter, values)))
    }
}
