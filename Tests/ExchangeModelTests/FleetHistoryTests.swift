import ExchangeModel
import Testing
import UpgradeModel
import UpgradeWire

/// What is told of two looks at a fleet.
@Suite struct FleetHistoryTests {
    private let now = UTCInstant(secondsSinceEpoch: 1_800_000_000)

    private func look(_ number: Int, _ states: [(String, NodeHealth.State)]) -> FleetLook {
        let members = states.map { name, state in
            let parts = name.split(separator: "/").map(String.init)
            return FleetLook.Member(
                node: HubHealthRow(org: parts[0], id: parts[1], lastHeartbeat: now), health: NodeHealth(state, reason: "because \(state)"))
        }
        return FleetLook(number: number, began: now.adding(.seconds(number)), took: .seconds(1), members: members)
    }

    private func told(_ history: FleetHistory) -> [String] {
        history.changes.map { "\($0.number) \($0.place.org)/\($0.place.id) \($0.from?.rawValue ?? "-") \($0.to?.rawValue ?? "-")" }
    }

    @Test func whoComesGoesAndChangesIsTold() {
        var history = FleetHistory()
        let first = look(1, [("a/z", .ok), ("b/m", .ok), ("b/n", .late), ("c/a", .ok)])
        history.note(first, after: first)
        #expect(told(history) == [])
        let second = look(2, [("a/a", .neverSeen), ("b/m", .ok), ("b/n", .unreachable), ("b/o", .ok)])
        history.note(second, after: first)
        #expect(told(history) == ["1 a/a - never seen", "2 a/z ok -", "3 b/n late unreachable", "4 b/o - ok", "5 c/a ok -"])
        #expect(history.changes[2].reason == "because unreachable" && history.changes[2].at == second.began)
        #expect(history.changes[1].reason == "it is not registered any more")
        history.note(look(3, []), after: second)
        #expect(told(history).suffix(4) == ["6 a/a never seen -", "7 b/m ok -", "8 b/n unreachable -", "9 b/o ok -"])
    }

    @Test func theOldestAreForgottenBeyondTheBound() {
        var history = FleetHistory()
        let names = (0..<6_000).map { "o/n\(String($0 + 10_000))" }
        let (well, ill) = (look(1, names.map { ($0, .ok) }), look(2, names.map { ($0, .unreachable) }))
        history.note(ill, after: well)
        history.note(well, after: ill)
        #expect(history.changes.count == FleetHistory.changesMax)
        #expect(history.changes.first?.number == 2_001 && history.changes.last?.number == 12_000)
    }

    @Test func theFirstLookOfAStartIsComparedWithWhatWasKept() throws {
        let first = look(1, [("o/a", .ok), ("o/b", .late), ("o/c", .unreachable)])
        #expect(FleetRecord().look(at: now) == nil && first.states.count == 3)
        let known = FleetHistory.Change(
            number: 7, place: HubNodePlace(org: "o", id: "a"), from: .ok, to: .late, at: now, reason: "because")
        let record = FleetRecord(
            changes: [known],
            states: [
                HubNodePlace(org: "o", id: "a"): .late, HubNodePlace(org: "o", id: "b"): .late,
                HubNodePlace(org: "o", id: "gone"): .stalled,
            ])
        var history = FleetHistory(record.changes)
        history.note(first, after: try #require(record.look(at: now)))
        #expect(told(history) == ["7 o/a ok late", "8 o/a late ok", "9 o/c - unreachable", "10 o/gone stalled -"])
    }

    @Test func theReportIsThatOfTheOrgThatAsks() throws {
        let (first, second) = (
            look(1, [("a/n", .ok), ("b/n", .ok)]), look(2, [("a/n", .late), ("b/m", .stalled), ("b/n", .unreachable)])
        )
        var history = FleetHistory()
        history.note(second, after: first)
        func report(_ question: FleetReportRule.Question) -> FleetReportDocument {
            FleetReportRule.report(second, history, question, since: now, at: now.adding(.seconds(9)))
        }
        let all = report(.init())
        #expect(all.nodes?.map(\.node) == ["a/n", "b/m", "b/n"] && all.look.nodes == 3)
        #expect(all.counts == ["ok": 0, "late": 1, "stalled": 1, "unreachable": 1, "never seen": 0])
        #expect(all.changes.map(\.node) == ["a/n", "b/m", "b/n"])
        #expect(all.made == "2027-01-15T08:00:09.000Z" && all.look.began == "2027-01-15T08:00:02.000Z" && all.look.took == 1)
        let own = report(.init(org: "b", after: 2))
        #expect(own.nodes?.map(\.node) == ["b/m", "b/n"] && own.look.nodes == 2 && own.counts["late"] == 0)
        #expect(own.changes.map(\.number) == [3])
        #expect(report(.init(hasNodes: false)).nodes == nil)
    }

    @Test func agesAreSetInRelationToTheFleet() {
        let heard: [Int64?] = [0, 10, 10, 40, nil]
        let members = heard.enumerated().map { index, age in
            let node = HubHealthRow(org: "o", id: "n\(index)", lastHeartbeat: age.map { now.adding(.seconds(-$0)) })
            return FleetLook.Member(node: node, health: NodeHealth(.ok, reason: ""))
        }
        let look = FleetLook(number: 1, began: now, took: .zero, members: members)
        let nodes = FleetReportRule.report(look, FleetHistory(), .init(), since: now, at: now).nodes ?? []
        #expect(nodes.map(\.age) == [0, 10, 10, 40, nil])
        #expect(nodes.map(\.percentile) == [25, 75, 75, 100, nil])
    }

    @Test func whoAsksDecidesWhatIsSeen() throws {
        let admin = Caller(org: "o", id: "boss", role: .orgAdmin)
        #expect(try FleetReportRule.question([:], caller: admin) == .init(org: "o"))
        #expect(try FleetReportRule.question(["nodes": "false", "after": "7"], caller: .root) == .init(hasNodes: false, after: 7))
        for query in [["nodes": "no"], ["nodes": ""], ["after": "-1"], ["after": "x"], ["after": ""]] {
            #expect(throws: Refusal.self) { try FleetReportRule.question(query, caller: admin) }
        }
    }
}
