import NIOConcurrencyHelpers
import Testing
import UpgradeWire

/// Who pages through the changes by number, each page from the last one's `mostRecentChangeId` plus one, misses nothing and comes to an
/// end, whatever the size of the pages.
@Suite struct ChangePagingTests {
    private static let writers = 16
    private static let changesOfEach = 12

    @Test(arguments: [1, 2, 5, 100])
    func pagesOfAnySizeReachTheEnd(size: Int) async throws {
        try await TestHub.run { hub in
            try await hub.addOrg("o")
            for number in 0..<12 { try await hub.addPolicy("o", "p\(number)") }
            let newest = try await hub.newestChange()
            var reader = ChangeReader(hub: hub, size: size)
            for _ in 0...newest where reader.next <= newest { try await reader.poll() }
            #expect(reader.next == newest + 1)
            #expect(reader.policies == (0..<12).map { "p\($0)" })
            #expect(reader.numbers == Array(Set(reader.numbers)).sorted(), "a row came twice, or out of order")
        }
    }

    @Test func aPageWithoutRoomMovesNobody() async throws {
        try await TestHub.run { hub in
            try await hub.addOrg("o")
            for number in 0..<4 { try await hub.addPolicy("o", "p\(number)") }
            var reader = ChangeReader(hub: hub, size: 0, next: 3)
            try await reader.poll()
            #expect(reader.next == 3)
            #expect(reader.numbers.isEmpty)
        }
    }

    /// As one is that knew a hub which was set up anew.
    @Test func aReaderThatIsAheadIsLedBack() async throws {
        try await TestHub.run { hub in
            try await hub.addOrg("o")
            var reader = ChangeReader(hub: hub, size: 5, next: 1_000)
            try await reader.poll()
            #expect(reader.next == 2)
            try await hub.addPolicy("o", "p")
            try await reader.poll()
            #expect(reader.numbers == [2])
        }
    }

    @Test func everyReaderSeesEveryAcknowledgedChangeInOrder() async throws {
        try await TestHub.run { hub in
            try await hub.addOrg("o")
            let end = NIOLockedValueBox<Int64?>(nil)
            try await withThrowingTaskGroup(of: ChangeReader?.self) { group in
                group.addTask {
                    try await writeAll(hub)
                    let newest = try await hub.newestChange()
                    end.withLockedValue { $0 = newest }
                    return nil
                }
                for _ in 0..<4 { group.addTask { try await readAll(hub, until: { end.withLockedValue { $0 } }) } }
                for try await case let reader? in group { judge(reader) }
            }
        }
    }

    /// Each writer makes its policies one after the other; the next only when the hub has acknowledged the last.
    private func writeAll(_ hub: TestHub) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<Self.writers {
                group.addTask { for turn in 0..<Self.changesOfEach { try await hub.addPolicy("o", "w\(writer)-\(turn)") } }
            }
            try await group.waitForAll()
        }
    }

    private func readAll(_ hub: TestHub, until end: @Sendable () -> Int64?) async throws -> ChangeReader {
        var reader = ChangeReader(hub: hub, size: 5)
        let deadline = ContinuousClock().now + .seconds(120)
        while true {
            let newest = end()
            try await reader.poll()
            if let newest, reader.next > newest { return reader }
            guard ContinuousClock().now < deadline else { throw TestFailure("the reader is at \(reader.next), the end at \(newest ?? 0)") }
        }
    }

    private func judge(_ reader: ChangeReader) {
        #expect(zip(reader.numbers, reader.numbers.dropFirst()).allSatisfy { $0 < $1 }, "a row came twice, or out of order")
        for writer in 0..<Self.writers {
            let seen = reader.policies.filter { $0.hasPrefix("w\(writer)-") }
            #expect(seen == (0..<Self.changesOfEach).map { "w\(writer)-\($0)" }, "what was seen of writer \(writer)")
        }
    }
}

/// Pages through an org's changes as a client does.
private struct ChangeReader: Sendable {
    let hub: TestHub
    let size: Int
    /// From where the next page is asked for.
    var next: Int64 = 1
    /// The number of every row, as it came.
    var numbers: [Int64] = []
    /// Every new policy, as it came.
    var policies: [String] = []

    mutating func poll() async throws {
        let page = try await hub.asRoot(
            "POST", "/v1/orgs/o/changes", ["changeId": .number(Double(next)), "maxRecords": .number(Double(size))])
        var rows: [(number: Int64, id: String?)] = []
        for entry in page.json?[member: "changes"]?.array ?? [] {
            let id = entry[member: "resource"] == "mgmtpolicy" ? entry[member: "id"]?.string : nil
            for change in entry[member: "resourceChanges"]?.array ?? [] {
                guard let number = change[member: "changeId"]?.integer else { throw TestFailure("no number: \(page.text)") }
                rows.append((number, id))
            }
        }
        // A page is grouped; the numbers say in which order things happened.
        rows.sort { $0.number < $1.number }
        numbers += rows.map(\.number)
        policies += rows.compactMap(\.id)
        guard let reach = page.json?[member: "mostRecentChangeId"]?.integer else { throw TestFailure("no end: \(page.text)") }
        next = reach + 1
    }
}

extension TestHub {
    /// What `changes/maxchangeid` answers.
    fileprivate func newestChange() async throws -> Int64 {
        let answer = try await asRoot("GET", "/v1/changes/maxchangeid", status: 200)
        guard let number = answer.json?[member: "maxChangeId"]?.integer else { throw TestFailure("no number: \(answer.text)") }
        return number
    }
}
