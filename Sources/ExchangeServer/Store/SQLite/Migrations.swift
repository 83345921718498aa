import SQLite

/// The layout of the hub's database, as named steps that are only ever appended to. A step that was released is never edited.
enum Migrations {
    /// Shape: in the order they are applied.
    static let all = [
        Migration("orgs, users, nodes", orgsUsersNodes), Migration("policies, statuses, history", policiesAndStatuses),
        Migration("changes", changes), Migration("objects", objects),
        Migration("high-availability groups", nodeGroups), Migration("agreement bots, what nodes report", agbotsAndReports),
        Migration("changes of one node, probes", changesOfNodes), Migration("what nodes tell of themselves", selfReports),
        Migration("how the nodes were", fleetRecord),
    ]

    private static let orgsUsersNodes = """
        CREATE TABLE orgs (name TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE users (
            org TEXT NOT NULL REFERENCES orgs (name) ON DELETE CASCADE, id TEXT NOT NULL, document TEXT NOT NULL,
            password_hash TEXT NOT NULL, PRIMARY KEY (org, id)) STRICT, WITHOUT ROWID;
        CREATE TABLE nodes (
            org TEXT NOT NULL REFERENCES orgs (name) ON DELETE CASCADE, id TEXT NOT NULL, owner TEXT NOT NULL,
            is_registered INTEGER NOT NULL, last_heartbeat TEXT, document TEXT NOT NULL, token_hash TEXT NOT NULL,
            PRIMARY KEY (org, id)) STRICT, WITHOUT ROWID;
        CREATE INDEX nodes_by_owner ON nodes (owner);
        CREATE TABLE node_policies (
            org TEXT NOT NULL, node TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (org, node),
            FOREIGN KEY (org, node) REFERENCES nodes (org, id) ON DELETE CASCADE) STRICT, WITHOUT ROWID;
        """

    private static let policiesAndStatuses = """
        CREATE TABLE management_policies (
            org TEXT NOT NULL REFERENCES orgs (name) ON DELETE CASCADE, name TEXT NOT NULL, document TEXT NOT NULL,
            PRIMARY KEY (org, name)) STRICT, WITHOUT ROWID;
        CREATE TABLE management_statuses (
            org TEXT NOT NULL, node TEXT NOT NULL, policy TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (org, node, policy),
            FOREIGN KEY (org, node) REFERENCES nodes (org, id) ON DELETE CASCADE,
            FOREIGN KEY (org, policy) REFERENCES management_policies (org, name) ON DELETE CASCADE) STRICT, WITHOUT ROWID;
        CREATE INDEX management_statuses_by_policy ON management_statuses (org, policy);
        CREATE TABLE status_history (
            org TEXT NOT NULL, node TEXT NOT NULL, number INTEGER NOT NULL, policy TEXT NOT NULL, received TEXT NOT NULL,
            body TEXT NOT NULL, PRIMARY KEY (org, node, number),
            FOREIGN KEY (org, node) REFERENCES nodes (org, id) ON DELETE CASCADE) STRICT, WITHOUT ROWID;
        CREATE TABLE agent_file_versions (only INTEGER PRIMARY KEY CHECK (only = 1), document TEXT NOT NULL) STRICT;
        """

    private static let changes = """
        CREATE TABLE changes (
            number INTEGER PRIMARY KEY AUTOINCREMENT, seconds INTEGER NOT NULL, nanoseconds INTEGER NOT NULL, org TEXT NOT NULL,
            id TEXT NOT NULL, category TEXT NOT NULL, resource TEXT NOT NULL, operation TEXT NOT NULL,
            is_public INTEGER NOT NULL) STRICT;
        CREATE INDEX changes_by_org ON changes (org, number);
        CREATE INDEX changes_by_time ON changes (seconds);
        """

    private static let nodeGroups = """
        CREATE TABLE node_groups (
            org TEXT NOT NULL REFERENCES orgs (name) ON DELETE CASCADE, name TEXT NOT NULL, document TEXT NOT NULL,
            PRIMARY KEY (org, name)) STRICT, WITHOUT ROWID;
        CREATE TABLE node_group_members (
            org TEXT NOT NULL, node TEXT NOT NULL, node_group TEXT NOT NULL, PRIMARY KEY (org, node),
            FOREIGN KEY (org, node) REFERENCES nodes (org, id) ON DELETE CASCADE,
            FOREIGN KEY (org, node_group) REFERENCES node_groups (org, name) ON DELETE CASCADE) STRICT, WITHOUT ROWID;
        CREATE INDEX node_group_members_by_group ON node_group_members (org, node_group);
        CREATE TABLE turns (
            org TEXT NOT NULL, node_group TEXT NOT NULL, node TEXT NOT NULL, policy TEXT NOT NULL, granted TEXT NOT NULL,
            renewed TEXT NOT NULL, PRIMARY KEY (org, node_group),
            FOREIGN KEY (org, node) REFERENCES nodes (org, id) ON DELETE CASCADE,
            FOREIGN KEY (org, node_group) REFERENCES node_groups (org, name) ON DELETE CASCADE) STRICT, WITHOUT ROWID;
        CREATE INDEX turns_by_policy ON turns (org, policy);
        """

    private static let agbotsAndReports = """
        CREATE TABLE agbots (
            org TEXT NOT NULL REFERENCES orgs (name) ON DELETE CASCADE, id TEXT NOT NULL, owner TEXT NOT NULL,
            last_heartbeat TEXT NOT NULL, document TEXT NOT NULL, token_hash TEXT NOT NULL, PRIMARY KEY (org, id)) STRICT, WITHOUT ROWID;
        CREATE INDEX agbots_by_owner ON agbots (owner);
        CREATE TABLE node_statuses (
            org TEXT NOT NULL, node TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (org, node),
            FOREIGN KEY (org, node) REFERENCES nodes (org, id) ON DELETE CASCADE) STRICT, WITHOUT ROWID;
        CREATE TABLE node_errors (
            org TEXT NOT NULL, node TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (org, node),
            FOREIGN KEY (org, node) REFERENCES nodes (org, id) ON DELETE CASCADE) STRICT, WITHOUT ROWID;
        ALTER TABLE management_policies ADD COLUMN owner TEXT NOT NULL DEFAULT '';
        UPDATE management_policies SET owner = ifnull(json_extract(document, '$.owner'), '');
        CREATE INDEX management_policies_by_owner ON management_policies (owner);
        """

    /// A node's poll must not walk over what thousands of others report.
    private static let changesOfNodes = """
        DROP INDEX changes_by_org;
        CREATE INDEX changes_of_nodes ON changes (org, id, number) WHERE category = 'node';
        CREATE INDEX changes_for_nodes ON changes (number) WHERE category IN ('mgmtpolicy', 'org');
        CREATE TABLE probes (only INTEGER PRIMARY KEY CHECK (only = 1), count INTEGER NOT NULL) STRICT;
        """

    /// Records of the hub itself have neither org nor node.
    private static let selfReports = """
        CREATE TABLE operations (
            number INTEGER PRIMARY KEY AUTOINCREMENT, org TEXT, node TEXT, id TEXT NOT NULL, activity TEXT NOT NULL, status TEXT,
            stage TEXT NOT NULL, policy TEXT, written REAL NOT NULL, is_open INTEGER NOT NULL, expires INTEGER NOT NULL,
            document TEXT NOT NULL, FOREIGN KEY (org, node) REFERENCES nodes (org, id) ON DELETE CASCADE) STRICT;
        CREATE INDEX operations_by_id ON operations (org, node, id);
        CREATE INDEX operations_of_nodes ON operations (org, node, number);
        CREATE INDEX operations_of_orgs ON operations (org, number);
        CREATE INDEX operations_by_activity ON operations (activity, number);
        CREATE INDEX operations_failed ON operations (number) WHERE status = 'error';
        CREATE INDEX operations_ended ON operations (expires) WHERE is_open = 0;
        CREATE TABLE node_health (
            org TEXT NOT NULL, node TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (org, node),
            FOREIGN KEY (org, node) REFERENCES nodes (org, id) ON DELETE CASCADE) STRICT, WITHOUT ROWID;
        """

    /// No row refers to a node: a change says that one is gone.
    private static let fleetRecord = """
        CREATE TABLE fleet_changes (
            number INTEGER PRIMARY KEY, org TEXT NOT NULL, id TEXT NOT NULL, before TEXT, after TEXT, at TEXT NOT NULL,
            reason TEXT NOT NULL) STRICT;
        CREATE TABLE fleet_states (
            org TEXT NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (org, id)) STRICT, WITHOUT ROWID;
        """

    private static let objects = """
        CREATE TABLE objects (
            org TEXT NOT NULL REFERENCES orgs (name) ON DELETE CASCADE, type TEXT NOT NULL, id TEXT NOT NULL, metadata TEXT NOT NULL,
            status TEXT NOT NULL, data_file TEXT, entity_tag TEXT NOT NULL, pending_signature TEXT,
            PRIMARY KEY (org, type, id)) STRICT, WITHOUT ROWID;
        """
}
