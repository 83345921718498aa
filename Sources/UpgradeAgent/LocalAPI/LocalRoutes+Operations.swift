import UpgradeModel
import UpgradePorts
import UpgradeWire

/// `GET /opstatus`, `GET /opstatus/{id}`, `GET /opstatus/latest` and `POST /opstatus/purge`. Source: seed `nmis-opstatus.txt`.
extension LocalRoutes {
    /// The most that one answer holds.
    private static let pageMax = 500

    /// Query: `last`, `activity`, `status`, `type`, `policy`, `since`, `until`, `below`.
    func operations(_ request: LocalRequest) throws -> LocalResponse {
        do {
            let query = try OperationQuery(request.query, max: LocalRoutes.pageMax)
            let records = try parts.store.operations(query)
            let below = records.count == query.max ? records.last?.number : nil
            return .json(200, OperationsDocument(opstatus: records.map(parts.health.document(of:)), below: below))
        } catch let mistake as QueryMistake {
            return .error(400, mistake.explanation, input: mistake.name)
        }
    }

    /// The newest record of each activity that has one.
    func latestOperations() throws -> LocalResponse {
        let newest = try Operation.Activity.allCases.compactMap { activity in
            var query = OperationQuery(max: 1)
            query.activity = activity
            return try parts.store.operations(query).first
        }
        return .json(200, OperationsDocument(opstatus: newest.sorted { $0.number > $1.number }.map(parts.health.document(of:)), below: nil))
    }

    func operation(_ id: String) throws -> LocalResponse {
        var query = OperationQuery(max: 1)
        query.id = id
        guard let found = try parts.store.operations(query).first else {
            return .error(404, "there is no operation record '\(VisibleText.escaping(id, max: 200))'", input: "id")
        }
        return .json(200, parts.health.document(of: found))
    }

    /// All that expired, now. Between two batches whoever waits for the store gets it: a lock that is asked for again at once is nobody else's.
    func purgeOperations() throws -> LocalResponse {
        try refuseOnTrial()
        let begun = parts.ports.clock.now()
        let bell = parts.ports.threads.makeBell()
        var (removed, count) = (0, OperationPurge.batch)
        while count == OperationPurge.batch {
            count = try parts.engine.purgeOperations(batch: OperationPurge.batch)
            removed += count
            bell.wait(atMost: .milliseconds(5))
        }
        if removed > 0 { try parts.engine.record([.operation(Operation(purged: removed, begun: begun, at: parts.ports.clock.now()))]) }
        return .json(200, PurgeDocument(removed: removed))
    }
}

/// A part of a query that means nothing.
struct QueryMistake: Error {
    let name: String
    let explanation: String

    /// What was found is shown, whatever it holds.
    init(_ name: String, _ found: String, expected: String) {
        self.name = name
        explanation = "\(name) is '\(VisibleText.escaping(found, max: 100))', expected \(expected)"
    }
}

extension OperationQuery {
    /// The parts of a URL's query. Errors: a part that is unknown, or whose value is.
    init(_ parts: [(name: String, value: String)], max: Int) throws(QueryMistake) {
        self.init(max: max)
        for (name, value) in parts { try take(name, value, max) }
    }

    private mutating func take(_ name: String, _ value: String, _ most: Int) throws(QueryMistake) {
        switch name {
        case "last":
            guard let last = Int(value), (1...most).contains(last) else {
                throw QueryMistake(name, value, expected: "a number from 1 to \(most)")
            }
            max = last
        case "below":
            guard let number = Int(value) else { throw QueryMistake(name, value, expected: "what the page before said") }
            order = .newestFirst(below: number)
        case "activity": activity = try word(name, value)
        case "type": narrow([try word(name, value)])
        case "status": narrow(try OperationQuery.stages(value))
        case "policy":
            guard let id = PolicyID(value) else { throw QueryMistake(name, value, expected: "ORG/NAME") }
            policy = id
        case "since": since = try OperationQuery.moment(name, value)
        case "until": until = try OperationQuery.moment(name, value)
        default: throw QueryMistake("query", name, expected: "last, below, activity, type, status, policy, since or until")
        }
    }

    /// What one part asks for and another one does not is not asked for.
    private mutating func narrow(_ wanted: Set<Operation.Stage>) { stages = stages?.intersection(wanted) ?? wanted }

    private static func stages(_ status: String) throws(QueryMistake) -> Set<Operation.Stage> {
        switch status {
        case "ok": [.completed, .stopped]
        case "error": [.exception]
        default: throw QueryMistake("status", status, expected: "ok or error")
        }
    }

    private func word<Word: RawRepresentable & CaseIterable>(_ name: String, _ value: String) throws(QueryMistake) -> Word
    where Word.RawValue == String {
        guard let word = Word(rawValue: value) else {
            throw QueryMistake(name, value, expected: "one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return word
    }

    private static func moment(_ name: String, _ value: String) throws(QueryMistake) -> UTCInstant {
        guard let moment = UTCInstant(rfc3339: value) else {
            throw QueryMistake(name, value, expected: "a time such as 2026-01-31T02:00:00Z")
        }
        return moment
    }
}
