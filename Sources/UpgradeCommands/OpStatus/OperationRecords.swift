import UpgradeModel
import UpgradeWire

/// Records of operation status, from the agent of this node or from the hub.
struct OperationRecords {
    /// Who is asked.
    enum Source {
        case agent(LocalAgent)
        /// - node: nil = everybody.
        case hub(Hub, node: String?)
    }

    /// What the agent gives at once.
    private static let pageMax = 500

    private let source: Source

    init(_ source: Source) { self.source = source }

    /// The newest of all that a filter lets through, the newest first.
    func newest(_ count: Int, _ filter: [(name: String, value: String)]) throws(CommandError) -> [OperationDocument] {
        guard count > 0 else { throw CommandError(.usage, "--last is \(count), expected 1 or more") }
        var found: [OperationDocument] = []
        var below: Int?
        while found.count < count {
            let page = try page(min(count - found.count, OperationRecords.pageMax), below, filter)
            found += page.opstatus
            guard let next = page.below, next != below else { break }
            below = next
        }
        return found
    }

    /// The newest of each activity.
    func latest() throws(CommandError) -> [OperationDocument] {
        guard case .agent(let agent) = source else {
            throw CommandError(.usage, "--latest is about this node; with --node say which --activity, and --last 1")
        }
        return try agent.get(["opstatus", "latest"]).success().read(OperationsDocument.self).opstatus
    }

    private func page(_ count: Int, _ below: Int?, _ filter: [(name: String, value: String)]) throws(CommandError) -> OperationsDocument {
        let place = below.map { [("below", String($0))] } ?? []
        let answer = try ask([("last", String(count))] + place + filter)
        if answer.status == 400, let body = try? answer.read(JSONValue.self), let words = body[member: "error"] ?? body[member: "msg"] {
            throw CommandError(.usage, Shown.text(words.string ?? ""))
        }
        return try answer.success().read(OperationsDocument.self)
    }

    private func ask(_ query: [(name: String, value: String)]) throws(CommandError) -> Answer {
        switch source {
        case .agent(let agent): return try agent.get(["opstatus"], query: query)
        case .hub(let hub, let node):
            let answer = try hub.get(HubPath.operations(query + (node.map { [("node", $0)] } ?? [])))
            guard answer.status == 404 else { return answer }
            throw CommandError(.notFound, "this Exchange keeps no records of operation status; only uplift-exchange does")
        }
    }
}

extension OperationDocument {
    /// The time as people write it.
    var shownTime: String {
        guard time.isFinite, abs(time) < 1e11 else { return "\(time)" }
        return UTCInstant(secondsSinceEpoch: 0).adding(.milliseconds(Int64(time * 1000))).rfc3339(fractionDigits: 3)
    }
}
