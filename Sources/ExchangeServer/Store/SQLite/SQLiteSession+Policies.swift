import SQLite
import UpgradeWire

extension SQLiteSession {
    func managementPolicy(_ org: String, _ name: String) throws -> NodeManagementPolicyDocument? {
        try firstDocument(
            NodeManagementPolicyDocument.self, "SELECT document FROM management_policies WHERE org = ? AND name = ?",
            [.text(org), .text(name)])
    }

    func hasManagementPolicy(_ org: String, _ name: String) throws -> Bool {
        try number("SELECT EXISTS (SELECT 1 FROM management_policies WHERE org = ? AND name = ?)", [.text(org), .text(name)]) == 1
    }

    func managementPolicies(_ org: String) throws -> [String: NodeManagementPolicyDocument] {
        try documents(
            NodeManagementPolicyDocument.self, by: "name", "SELECT name, document FROM management_policies WHERE org = ?", [.text(org)])
    }

    func putManagementPolicy(_ org: String, _ name: String, _ policy: NodeManagementPolicyDocument) throws {
        try database.execute(
            """
            INSERT INTO management_policies (org, name, document, owner) VALUES (?, ?, ?, ?)
            ON CONFLICT (org, name) DO UPDATE SET document = excluded.document, owner = excluded.owner
            """, [.text(org), .text(name), .text(try text(policy)), .text(policy.owner ?? "")])
    }

    func deleteManagementPolicy(_ org: String, _ name: String) throws -> Bool {
        try database.execute("DELETE FROM management_policies WHERE org = ? AND name = ?", [.text(org), .text(name)]) > 0
    }

    func agentFileVersion() throws -> AgentFileVersionDocument? {
        try firstDocument(AgentFileVersionDocument.self, "SELECT document FROM agent_file_versions", [])
    }

    func putAgentFileVersion(_ versions: AgentFileVersionDocument) throws {
        try database.execute("INSERT OR REPLACE INTO agent_file_versions (only, document) VALUES (1, ?)", [.text(try text(versions))])
    }

    func deleteAgentFileVersion() throws -> Bool {
        try database.execute("DELETE FROM agent_file_versions", []) > 0
    }
}
