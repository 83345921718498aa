import SQLite

/// The tables of `agent.db`, as named migrations. A released migration is never edited: the next one is appended.
enum StoredSchema {
    /// All migrations, in their order for good.
    static let migrations = [
        Migration(
            "first tables",
            """
            CREATE TABLE jobs (org TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (org, name)) STRICT;
            CREATE TABLE outbox (number INTEGER PRIMARY KEY, org TEXT NOT NULL, name TEXT NOT NULL, content TEXT NOT NULL) STRICT;
            CREATE TABLE undeliverable (number INTEGER PRIMARY KEY, content TEXT NOT NULL) STRICT;
            CREATE TABLE events (number INTEGER PRIMARY KEY, content TEXT NOT NULL) STRICT;
            CREATE TABLE operations (number INTEGER PRIMARY KEY, content TEXT NOT NULL) STRICT;
            CREATE TABLE keys (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT;
            CREATE TABLE quarantine (
                number INTEGER PRIMARY KEY, kind TEXT NOT NULL, source INTEGER NOT NULL, org TEXT, name TEXT,
                raw TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL
            ) STRICT;
            """),
        Migration(
            "what probes found",
            "CREATE TABLE health (org TEXT NOT NULL, name TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (org, name)) STRICT;"),
        // What the old table held was never shown to anybody.
        Migration(
            "operation status",
            """
            DROP TABLE operations;
            CREATE TABLE operations (
                number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, activity TEXT NOT NULL, stage TEXT NOT NULL, is_open INTEGER NOT NULL,
                policy TEXT, written INTEGER NOT NULL, expires INTEGER NOT NULL, content TEXT NOT NULL
            ) STRICT;
            CREATE INDEX operations_by_activity ON operations (activity, number);
            CREATE INDEX operations_by_policy ON operations (policy, number);
            CREATE INDEX operations_by_stage ON operations (stage, number);
            CREATE INDEX operations_open ON operations (number) WHERE is_open = 1;
            CREATE INDEX operations_ended ON operations (expires) WHERE is_open = 0;
            """),
    ]

    /// The event log keeps this many of the newest rows.
    static let logRowsMax = 10_000
    /// Refused rows keep this many of the newest.
    static let undeliverableRowsMax = 100
}

/// A table whose rows hold one JSON text each.
enum StoredTable: String {
    case jobs, health, outbox, undeliverable, events, operations

    /// The column of the text.
    var textColumn: String {
        switch self {
        case .jobs: "state"
        case .health, .outbox, .undeliverable, .events, .operations: "content"
        }
    }

    /// True when the policy stands in columns of its own.
    var hasPolicy: Bool {
        switch self {
        case .jobs, .health, .outbox: true
        case .undeliverable, .events, .operations: false
        }
    }
}
