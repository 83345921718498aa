import UpgradeModel
import UpgradeWire

/// Records of operation status, from the agent of this node.
struct OperationRecords {
    /// What the agent gives at once.
    private static let pageMax = 500

    private let agent: LocalAgent

    init(_ agent: LocalAgent) { self.agent = agent }

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
        try agent.get(["opstatus", "latest"]).success().read(OperationsDocument.self).opstatus
    }

    private func page(_ count: Int, _ below: Int?, _ filter: [(name: String, value: String)]) throws(CommandError) -> OperationsDocument {
        let place = below.map { [("below", String($0))] } ?? []
        let answer = try agent.get(["opstatus"], query: [("last", String(count))] + place + filter)
        if answer.status == 400, let words = try? answer.read(JSONValue.self)[member: "error"]?.string {
            throw CommandError(.usage, Shown.text(words))
        }
        return try answer.success().read(OperationsDocument.self)
    }
}

extension OperationDocument {
    /// The time as people write it.
    var shownTime: String {
        guard time.isFinite, abs(time) < 1e11 else { return "\(time)" }
        return UTCInstant(secondsSinceEpoch: 0).adding(.milliseconds(Int64(time * 1000))).rfc3339(fractionDigits: 3)
    }
}
