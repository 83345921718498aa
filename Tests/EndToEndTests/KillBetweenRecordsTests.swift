import Foundation
import Testing

/// One place where the installer is held, and who is killed there.
struct KillCase: CustomTestStringConvertible, Sendable {
    let record: String
    let victims: [KillVictim]
    let isSick: Bool
    var cargo = KillCargo.nothing

    var testDescription: String { "\(record), \(isSick ? "sick" : "good") package, cargo: \(cargo)" }

    /// As `all`, each with one victim that is drawn; all of them with `UPLIFT_SOAK=1`.
    static func drawn(sick isSick: Bool, cargo: KillCargo) -> [KillCase] {
        var dice = Dice(state: Soak.seed &+ (isSick ? 1 : 0))
        return all(sick: isSick).map { place in
            let victims = Soak.isOn ? place.victims : [place.victims[dice.next(below: place.victims.count)]]
            return KillCase(record: place.record, victims: victims, isSick: isSick, cargo: cargo)
        }
    }

    /// Every record that such an upgrade writes, with everybody who lives then: from the agent's stop to its start there is none to kill.
    static func all(sick isSick: Bool) -> [KillCase] {
        let common = ["begun", "stopIntended", "switchIntended", "switched", "startIntended", "ready"]
        let end = isSick ? ["rollbackIntended", "rolledBack"] : ["commitIntended", "committed"]
        return (common + end).map { record in
            let hasAgent = !["switchIntended", "switched", "startIntended"].contains(record)
            return KillCase(record: record, victims: KillVictim.allCases.filter { $0 != .agent || hasAgent }, isSick: isSick)
        }
    }
}

/// Installer, agent, supervisor, and all three, killed between any two records of the journal: what starts again through the boot path
/// ends in exactly old or exactly new, and says so.
@Suite struct KillBetweenRecordsTests {
    @Suite(.serialized) struct GoodPackage {
        @Test(arguments: KillCase.all(sick: false)) func endsInExactlyNew(_ place: KillCase) throws { try kill(at: place) }
    }

    @Suite(.serialized) struct SickPackage {
        @Test(arguments: KillCase.all(sick: true)) func endsInExactlyOld(_ place: KillCase) throws { try kill(at: place) }
    }

    /// Hooks, and Debian packages where dpkg can work.
    @Suite(.serialized) struct Cargo {
        @Test(arguments: [false, true]) func endsAsWithoutAKill(sick isSick: Bool) throws {
            try kill(at: KillCase.drawn(sick: isSick, cargo: .best))
        }

        @Test(.enabled(if: Soak.isOn, "SKIPPED: set UPLIFT_SOAK=1"), arguments: [false, true]) func hooksAlone(sick isSick: Bool) throws {
            try kill(at: KillCase.drawn(sick: isSick, cargo: .hooks))
        }
    }
}

/// Goes from one place to the next with one node.
private func kill(at places: [KillCase]) throws {
    var lane = try KillLane(cargo: places.first?.cargo ?? .nothing)
    for place in places { try kill(at: place, in: &lane) }
}

private func kill(at place: KillCase) throws { try kill(at: [place]) }

private func kill(at place: KillCase, in lane: inout KillLane) throws {
    for victim in place.victims {
        let begin = Date()
        do {
            try lane.restart(holdingAfter: place.record)
            var attempt = try lane.begin(sick: place.isSick)
            try lane.awaitHold(place.record)
            let killed = try lane.strike(victim, &attempt)
            try #require(killed >= 1)
            try lane.judge(attempt)
        } catch {
            Issue.record(lane.explained(error, "\(victim) killed after \(place.testDescription)"))
            lane = try KillLane(cargo: place.cargo)
        }
        print("killed \(victim) after \(place.testDescription): \(Int(Date().timeIntervalSince(begin) * 1000)) ms")
    }
}
