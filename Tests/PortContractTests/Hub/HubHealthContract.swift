import ExchangeModel
import Testing
import UpgradeModel
import UpgradeWire

/// What the hub's watch reads.
@Suite("Hub store contract: health")
struct HubHealthContract {
    private static let time = UTCInstant(secondsSinceEpoch: 1_800_000_000, nanoseconds: 250_000_000)

    /// Registered nodes a/n0 … a/n4, b/m; an unregistered one; jobs of n1 and m.
    private static func fill(_ tables: any HubWriting) throws {
        for org in ["b", "a"] {
            try tables.addOrg(org)
            for policy in ["q", "p", "r"] { try tables.addPolicy(org, policy) }
        }
        for id in ["n4", "n1", "n3", "n0", "n2"] { try tables.addNode("a", id) }
        try tables.addNode("a", "n1b", key: "")
        let node = NodeDocument(
            msgEndPoint: "http://192.0.2.7:8510/", softwareVersions: .init(software: "2.0.0"), publicKey: "k",
            heartbeatIntervals: .init(minInterval: 10, maxInterval: 60, intervalAdjustment: 5))
        try tables.putNode("b", "m", HubNode(document: node, tokenHash: "h"))
        _ = try tables.touchNode("b", "m", at: time)
        for (org, id, policy, word) in [
            ("a", "n1", "q", "initiated"), ("a", "n1", "p", "downloaded"), ("a", "n1", "r", "successful"), ("b", "m", "p", "waiting"),
            ("b", "m", "q", "ha node waiting"), ("b", "m", "r", "word of another program"), ("a", "n1b", "p", "initiated"),
        ] {
            let status = AgentUpgradePolicyStatusDocument(
                status: word, errorMessage: id == "m" ? "<b>\u{1b}" : nil, lastUpdated: time.rfc3339(fractionDigits: 6))
            try tables.putManagementStatus(org, id, policy: policy, ManagementStatusDocument(agentUpgradePolicyStatus: status))
        }
    }

    @Test("Registered nodes of all orgs with their jobs under way, in order", arguments: HubStoreKind.allCases)
    func rows(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { try Self.fill($0) }
            let rows = try await store.read { try $0.healthRows(after: .begin, limit: 100) }
            #expect(rows.map { "\($0.org)/\($0.id)" } == ["a/n0", "a/n1", "a/n2", "a/n3", "a/n4", "b/m"])
            #expect(rows.first == HubHealthRow(org: "a", id: "n0"))
            #expect(
                rows[1].jobs == [
                    .init(policy: "p", status: .downloaded, since: Self.time), .init(policy: "q", status: .initiated, since: Self.time),
                ])
            let last = HubHealthRow(
                org: "b", id: "m", lastHeartbeat: Self.time, intervals: .init(minInterval: 10, maxInterval: 60), softwareVersion: "2.0.0",
                endPoint: "http://192.0.2.7:8510",
                jobs: [.init(policy: "q", status: .haNodeWaiting, since: Self.time, message: "<b>\u{1b}")])
            #expect(
                rows.last.map { row in
                    var row = row
                    row.intervals.intervalAdjustment = 0
                    return row
                } == last)
        }
    }

    @Test("Of each word the oldest jobs, however many there are", arguments: HubStoreKind.allCases)
    func oldestJobs(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { tables in
                try tables.addOrg("a")
                try tables.addNode("a", "n")
                for number in 0..<30 {
                    // The younger half comes first by name.
                    let (policy, since) = ("p\(number + 10)", Self.time.adding(.seconds(-number)))
                    try tables.addPolicy("a", policy)
                    let status = AgentUpgradePolicyStatusDocument(
                        status: number % 3 == 0 ? "downloaded" : "initiated", lastUpdated: since.rfc3339(fractionDigits: 6))
                    try tables.putManagementStatus("a", "n", policy: policy, ManagementStatusDocument(agentUpgradePolicyStatus: status))
                }
            }
            let jobs = try await store.read { try $0.healthRows(after: .begin, limit: 1) }.first?.jobs ?? []
            let downloaded = [6, 9, 12, 15, 18, 21, 24, 27], initiated = [19, 20, 22, 23, 25, 26, 28, 29]
            #expect(jobs.map(\.policy) == (downloaded + initiated).sorted().map { "p\($0 + 10)" })
        }
    }

    private static func change(_ number: Int, _ from: NodeHealth.State?, _ to: NodeHealth.State?) -> FleetHistory.Change {
        .init(number: number, place: HubNodePlace(org: "o", id: "n\(number)"), from: from, to: to, at: time, reason: "because")
    }

    @Test("What the watch leaves is found: new changes behind the old ones, and the last states", arguments: HubStoreKind.allCases)
    func record(kind: HubStoreKind) async throws {
        try await kind.run { store in
            #expect(try await store.read { try $0.fleetRecord() } == FleetRecord())
            let place = HubNodePlace(org: "o", id: "n1")
            let first = FleetRecord(
                changes: [Self.change(1, nil, .neverSeen), Self.change(2, .late, .unreachable)], states: [place: .late, .begin: .stalled])
            try await store.write { try $0.keepFleet(first) }
            #expect(try await store.read { try $0.fleetRecord() } == first)
            var gone = Self.change(3, .late, nil)
            gone.place = place
            let second = FleetRecord(changes: [gone, Self.change(4, .ok, .late), Self.change(5, nil, .ok)])
            try await store.write { try $0.keepFleet(second) }
            let both = FleetRecord(
                changes: first.changes + second.changes,
                states: [.begin: .stalled, second.changes[1].place: .late, second.changes[2].place: .ok])
            #expect(try await store.read { try $0.fleetRecord() } == both)
            try await store.write { try $0.keepFleet(FleetRecord(states: [place: .ok])) }
            #expect(try await store.read { try $0.fleetRecord() }.states == [place: .ok])
            try await store.write { try $0.keepFleet(FleetRecord(changes: (6...10_002).map { Self.change($0, .ok, .late) })) }
            let last = try await store.read { try $0.fleetRecord() }
            #expect(last.changes.map(\.number) == Array(3...10_002) && last.states.count == 9_998)
        }
    }

    @Test("What nodes told of themselves in numbers", arguments: HubStoreKind.allCases)
    func figures(kind: HubStoreKind) async throws {
        try await kind.run { store in
            try await store.write { tables in
                try Self.fill(tables)
                try tables.addHealth("a", "n2", received: "t")
            }
            let rows = try await store.read { try $0.healthRows(after: .begin, limit: 100) }
            #expect(rows.filter { $0.told != nil }.map(\.id) == ["n2"])
            let expected: [NodeFigure: Double] = [
                .load: 0.5, .availableMemoryBytes: 1_000, .freeDiskBytes: 99, .outbox: 2, .undeliverable: 1, .fetchedBytesPerSecond: 10,
                .transactionsPerSecond: 2,
            ]
            #expect(rows[2].figures == expected && rows[1].figures.isEmpty)
        }
    }

    @Test("Pages of any size make the same list", arguments: HubStoreKind.allCases, [1, 2, 5, 6, 7])
    func pages(kind: HubStoreKind, limit: Int) async throws {
        try await kind.run { store in
            try await store.write { try Self.fill($0) }
            let all = try await store.read { try $0.healthRows(after: .begin, limit: 100) }
            var (found, place): ([HubHealthRow], HubNodePlace) = ([], .begin)
            while true {
                let page = try await store.read { [place] in try $0.healthRows(after: place, limit: limit) }
                guard let last = page.last else { break }
                #expect(page.count <= limit)
                found += page
                place = HubNodePlace(org: last.org, id: last.id)
            }
            #expect(found == all && found.count == 6)
        }
    }
}
