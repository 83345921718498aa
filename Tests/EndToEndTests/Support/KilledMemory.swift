import Foundation
import SQLite
import UpgradeCore
import UpgradeModel

/// What a kill has left in the databases of a node, while nobody runs who could mend it.
struct KilledMemory {
    let node: TestNode
    let scratch: Scratch

    /// In the database of each release that somebody may start, the records of operation status that have not ended say the same as the
    /// jobs, and none was lost. Errors: what contradicts.
    func check() throws {
        for release in Set([try node.link("current"), try node.link("recover")].compactMap(\.self)) {
            let file = "\(node.state)/releases/\(release)/agent.db"
            // Looked at in a copy: whoever opens a database tidies it up.
            let copy = try scratch.folder("memory-\(UUID().uuidString)") + "/agent.db"
            for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: file + suffix) {
                try FileManager.default.copyItem(atPath: file + suffix, toPath: copy + suffix)
            }
            do { try check(Database.open(path: copy)) } catch { throw Trouble("\(file), as the kill left it: \(error)") }
        }
    }

    private func check(_ database: Database) throws {
        var jobs: [PolicyID: JobState] = [:]
        for row in try database.query("SELECT org, name, state FROM jobs") {
            jobs[PolicyID(org: try row.text("org"), name: try row.text("name"))] = try decode(row.text("state"))
        }
        let open: [UpgradeModel.Operation] = try database.query("SELECT content FROM operations WHERE is_open = 1 ORDER BY number").map {
            try decode($0.text("content"))
        }
        for policy in Set(jobs.keys).union(open.compactMap(\.policy)) {
            if let found = OperationRule.contradiction(policy, jobs[policy], open.filter { $0.policy == policy }) {
                throw Trouble("\(policy): \(found)")
            }
        }
        let numbers = try database.query(
            "SELECT (SELECT value FROM keys WHERE key = 'lastOperation') AS given, (SELECT max(number) FROM operations) AS written")
        let (given, written) = (numbers.first?["given"]?.text, numbers.first?["written"]?.integer)
        guard given.flatMap({ Int64($0) }) == written else {
            throw Trouble("number \(given ?? "none") was given, \(written ?? 0) is written")
        }
    }

    private func decode<Value: Decodable>(_ text: String) throws -> Value { try JSONDecoder().decode(Value.self, from: Data(text.utf8)) }
}
