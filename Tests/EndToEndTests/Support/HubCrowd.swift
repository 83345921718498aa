import Foundation
import Synchronization
import UpgradeWire

/// Runs the work on so many threads at once and waits for all. Errors: the first one that was thrown.
func inParallel(_ count: Int, _ work: @escaping @Sendable (Int) throws -> Void) throws {
    let trouble = Shared<(any Error)?>(nil)
    let group = DispatchGroup()
    for index in 0..<count {
        group.enter()
        Thread {
            defer { group.leave() }
            do { try work(index) } catch { trouble.with { $0 = $0 ?? error } }
        }.start()
    }
    group.wait()
    if let error = trouble.with({ $0 }) { throw error }
}

/// A value that threads share.
final class Shared<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }

    @discardableResult
    func with<Result: Sendable>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        try value.withLock { value in try body(&value) }
    }
}

/// A change as a poller learns it.
struct SeenChange: Hashable {
    let number: Int64
    let id: String
    let resource: String
}

/// Polls the changes of the org `demo`, page after page.
struct ChangeReader {
    let hub: TestHub
    let user: String
    let page: Int
    /// Where the next page begins.
    private(set) var next: Int64 = 1
    /// Everything so far, in the order in which it came.
    private(set) var seen: [SeenChange] = []

    init(_ hub: TestHub, user: String = "root/root", page: Int = 1000) {
        self.hub = hub
        self.user = user
        self.page = page
    }

    /// One poll. Returns whether it said that there is more. Errors: a call that fails; a page that does not go on behind the one before,
    /// or whose numbers do not grow.
    mutating func poll() throws -> Bool {
        let body: JSONValue = ["changeId": .number(Double(next)), "maxRecords": .number(Double(page))]
        let answer = try hub.call("POST", "v1/orgs/demo/changes", body, user: user)
        guard let last = answer?[member: "mostRecentChangeId"]?.integer, let isFull = answer?[member: "hitMaxRecords"]?.bool else {
            throw Trouble("no page of changes: \(String(describing: answer))")
        }
        let entries = ChangeReader.entries(of: answer)
        // A page holds the changes of one thing together: so each entry grows, their beginnings grow, and no number stands twice.
        let fresh = entries.flatMap { $0 }.sorted { $0.number < $1.number }
        let isInOrder = (entries + [entries.compactMap(\.first), fresh]).allSatisfy(ChangeReader.grows)
        guard isInOrder, fresh.allSatisfy({ $0.number >= next && $0.number <= last }) else {
            throw Trouble("asked from \(next): mostRecentChangeId is \(last), the page has \(entries.map { $0.map(\.number) })")
        }
        guard last + 1 >= next, !isFull || last + 1 > next else {
            throw Trouble("asked from \(next), mostRecentChangeId is \(last): a reader would come back to what it has, for ever")
        }
        seen += fresh
        next = last + 1
        return isFull
    }

    /// Polls until nothing is left. Errors: as `poll`.
    mutating func catchUp() throws { while try poll() {} }

    private static func grows(_ changes: [SeenChange]) -> Bool {
        zip(changes, changes.dropFirst()).allSatisfy { $0.number < $1.number }
    }

    private static func entries(of page: JSONValue?) -> [[SeenChange]] {
        (page?[member: "changes"]?.array ?? []).map { entry in
            (entry[member: "resourceChanges"]?.array ?? []).compactMap { row in
                row[member: "changeId"]?.integer.map {
                    SeenChange(
                        number: $0, id: entry[member: "id"]?.string ?? "", resource: entry[member: "resource"]?.string ?? "")
                }
            }
        }
    }
}
