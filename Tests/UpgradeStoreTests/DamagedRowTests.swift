import SQLite
import Testing
import UpgradeCore
import UpgradeModel
import UpgradePorts
import UpgradeStore

/// One row that cannot be read costs one row, is kept, and is reported.
@Suite("Damaged rows")
struct DamagedRowTests {
    private let folder: StoreFolder

    init() throws {
        folder = try StoreFolder()
        try folder.fill(3)
    }

    @Test(
        "A damaged job is quarantined for good and named once",
        arguments: ["", "{", "null", "[]", "{\"waiting\":{}}", "{\"flying\":{\"_0\":{}}}", "{\"quarantined\":{\"reason\":7}}"])
    func job(text: String) throws {
        try damage("UPDATE jobs SET state = ? WHERE name = 'policy2'", [.text(text)])
        let node = try folder.open().load()
        #expect(node.damaged == [Sample.policy(2)])
        #expect(isQuarantined(node.jobs[Sample.policy(2)]))
        #expect(node.jobs[Sample.policy(1)] == Sample.job && node.jobs[Sample.policy(3)] == Sample.job)

        let again = try folder.open().load()
        #expect(again.damaged.isEmpty)
        #expect(again.jobs == node.jobs)
        let kept = try folder.raw().query("SELECT * FROM quarantine")
        #expect(kept.count == 1)
        #expect(try kept.first?.text("raw") == text && kept.first?.text("kind") == "jobs")
        #expect(try kept.first?.text("org") == "org" && kept.first?.text("name") == "policy2")
        #expect(try kept.first.map { UTCInstant(rfc3339: try $0.text("at")) } != nil)
    }

    @Test("Bytes that are not UTF-8 are damage, and are kept as they are")
    func notUTF8() throws {
        // Inside a string, where mended bytes would pass for a name.
        let place = "instr(state, 'org/manifest')"
        let (head, tail) = ("CAST(substr(state, 1, \(place)) AS BLOB)", "CAST(substr(state, \(place) + 1) AS BLOB)")
        try damage("UPDATE jobs SET state = CAST(\(head) || x'ff' || \(tail) AS TEXT)")
        let before = try folder.raw().query("SELECT CAST(state AS BLOB) AS raw FROM jobs ORDER BY rowid").map { try $0.blob("raw") }
        #expect(try folder.open().load().damaged.count == 3)
        let after = try folder.raw().query("SELECT CAST(raw AS BLOB) AS raw FROM quarantine ORDER BY source").map { try $0.blob("raw") }
        #expect(after == before)
    }

    @Test("A job whose policy cannot be named is set aside and reported")
    func unnamedJob() throws {
        try damage("UPDATE jobs SET org = CAST(x'6fff' AS TEXT) WHERE name = 'policy2'")
        let store = try folder.open()
        let node = try store.load()
        #expect(node.damaged.isEmpty)
        #expect(Set(node.jobs.keys) == [Sample.policy(1), Sample.policy(3)])
        let event = try #require(try store.events(max: 1).first)
        #expect(event.code == "stored_row_damaged" && event.severity == "error" && event.policy == nil)
        #expect(try folder.raw().query("SELECT * FROM quarantine").count == 1)
    }

    @Test("A damaged owed row is set aside and reported, the others stay owed")
    func outbox() throws {
        try damage("UPDATE outbox SET content = '{\"delet' WHERE number = 2")
        let store = try folder.open()
        #expect(try store.load().outbox == [Sample.row(1), Sample.row(3)])
        let event = try #require(try store.events(max: 9).first)
        #expect(event.code == "stored_row_damaged" && event.policy == Sample.policy(2))
        #expect(event.message.contains("Row 2 of the stored outbox"))
        #expect(try store.load().outbox.count == 2 && store.events(max: 9).count == 1)
        #expect(try folder.raw().query("SELECT * FROM quarantine").first?.integer("source") == 2)
    }

    @Test("Damaged results of probes are set aside and reported, the job stays")
    func health() throws {
        try folder.open().commit([.keepHealth(Sample.policy(1), HealthReport(ticket: Ticket(high: 1, low: 1), baseline: []))])
        try damage("UPDATE health SET content = '{}'")
        let store = try folder.open()
        let node = try store.load()
        #expect(node.health.isEmpty && node.damaged.isEmpty && node.jobs.count == 3)
        #expect(try store.events(max: 1).first?.policy == Sample.policy(1))
    }

    @Test("A damaged refused row is set aside and reported")
    func undeliverable() throws {
        try folder.open().commit([.undeliverable(UndeliverableRow(row: Sample.row(9), code: 404, answer: "", at: Sample.moment))])
        try damage("UPDATE undeliverable SET content = 'x'")
        let store = try folder.open()
        #expect(try store.load().undeliverable.isEmpty)
        #expect(try store.events(max: 9).count == 1)
    }

    @Test("A damaged log row makes room for a row that says so")
    func events() throws {
        try folder.open().commit((1...5).map { .log(Sample.event($0)) })
        try damage("UPDATE events SET content = '' WHERE number = 4")
        let store = try folder.open()
        let newest = try store.events(max: 3)
        #expect(newest.map(\.code) == ["stored_row_damaged", "test", "test"])
        #expect(newest.dropFirst() == [Sample.event(5), Sample.event(3)])
        #expect(try store.events(max: 9).count == 5)
    }

    @Test("A key of another version stays and means nothing")
    func unknownKey() throws {
        try damage("INSERT INTO keys VALUES ('futureKey', 'value'), ('softwareFloor', 'org/node')")
        #expect(try folder.open().load().keys == [.softwareFloor: "org/node"])
        #expect(try folder.raw().query("SELECT * FROM keys").count == 2)
    }

    @Test("A row of a newer field is read")
    func newerField() throws {
        try damage("UPDATE outbox SET content = '{\"deletion\":{\"_9\":1},\"more\":2}' WHERE number = 2")
        #expect(throws: Never.self) { try folder.open().load() }
    }

    private func damage(_ sql: String, _ values: [Value] = []) throws {
        #expect(try folder.raw().execute(sql, values) > 0)
    }

    private func isQuarantined(_ state: JobState?) -> Bool {
        if case .quarantined(let reason, nil) = state { reason.contains("damaged") } else { false }
    }
}
