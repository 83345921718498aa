import Foundation
import Testing

/// Killed at every place where what the agent knows becomes durable or has left it: before and after each of its transactions, with a word
/// sent and not yet known to be, with bytes that are here and not yet believed.
@Suite struct KillAtAgentPlacesTests {
    @Test(arguments: [false, true]) func everybodyIsKilledAtEveryPlace(sick isSick: Bool) throws {
        try sweep(.all, sick: isSick, killsPerUpgrade: .max)
    }

    @Suite(.serialized, .enabled(if: Soak.isOn, "SKIPPED: set UPLIFT_SOAK=1")) struct OneByOne {
        @Test(arguments: [KillVictim.agent, .supervisor, .all], [false, true]) func oneKillInEachUpgrade(
            victim: KillVictim, sick isSick: Bool
        ) throws {
            try sweep(victim, sick: isSick, killsPerUpgrade: 1)
        }
    }
}

/// Upgrades until one has passed no place that is new.
private func sweep(_ victim: KillVictim, sick isSick: Bool, killsPerUpgrade: Int) throws {
    var lane = try KillLane()
    var sweep = AgentSweep(victim: victim, isSick: isSick, killsPerUpgrade: killsPerUpgrade)
    repeat {
        let known = sweep.killed
        do { try sweep.upgrade(lane) } catch {
            let new = sweep.killed.filter { !known.contains($0) }.joined(separator: ", ")
            Issue.record(lane.explained(error, "\(victim) killed at \(new), \(isSick ? "sick" : "good") package"))
            lane = try KillLane()
        }
        try #require(sweep.upgrades < 100, "the places never end: \(sweep.killed)")
    } while sweep.foundNew
    print(
        "\(victim) killed at \(sweep.killed.count) places in \(sweep.upgrades) upgrades, \(isSick ? "sick" : "good") package: \(sweep.killed)"
    )
    let missing = AgentSweep.expected(sick: isSick).filter { !sweep.killed.contains($0) }
    #expect(missing == [], "the upgrade did not come by there")
}

/// Finds the agent's places by passing them.
private struct AgentSweep {
    /// The third start of a release on trial that does not become ready is a verdict, and so is a third end after it.
    private static let killsOnTrialMax = 2
    private static let quiet: TimeInterval = 0.7

    let victim: KillVictim
    let isSick: Bool
    let killsPerUpgrade: Int
    private(set) var killed: [String] = []
    private(set) var upgrades = 0
    private(set) var foundNew = false

    init(victim: KillVictim, isSick: Bool, killsPerUpgrade: Int) {
        self.victim = victim
        self.isSick = isSick
        self.killsPerUpgrade = killsPerUpgrade
    }

    /// What no upgrade can be without.
    static func expected(sick isSick: Bool) -> [String] {
        let states =
            ["waiting", "planning", "downloading", "unpacking", "handedOver", "onTrial"] + (isSick ? ["rollingBack"] : []) + ["ended"]
        let end = isSick ? ["failed", "rollbackStarted", "rollbackSuccessful"] : ["successful", "softwareVersions"]
        let words = ["waiting", "downloadStarted", "downloaded", "initiated"] + end
        let transactions = states + words.map { "sent." + $0 }
        return ["agent.fetched.manifest", "agent.fetched.file"]
            + transactions.flatMap { ["agent.committing." + $0, "agent.committed." + $0] }
    }

    /// One upgrade, with kills at places where nobody was killed before.
    mutating func upgrade(_ lane: KillLane) throws {
        upgrades += 1
        foundNew = false
        try lane.restart()
        lane.node.stop()
        lane.removeHold()
        try lane.node.start(environment: lane.environment(holdingAt: "agent.*"), awaitAgent: false)
        var attempt = try lane.begin(sick: isSick)
        var (kills, killsOnTrial, last) = (0, 0, Date())
        try eventually("'\(attempt.outcome.last)' after \(killed.suffix(1))", within: 120) {
            guard let place = lane.place() else {
                return try -last.timeIntervalSinceNow > Self.quiet && lane.hub.words(attempt.policy).last == attempt.outcome.last
            }
            last = Date()
            let isOnTrial = try lane.node.link("current") != lane.node.link("recover")
            foundNew = foundNew || !killed.contains(place)
            if killed.contains(place) || kills == killsPerUpgrade || isOnTrial && killsOnTrial == Self.killsOnTrialMax {
                lane.removeHold()
                return false
            }
            killed.append(place)
            kills += 1
            if isOnTrial { killsOnTrial += 1 }
            try #require(try lane.strike(victim, &attempt, holdingAt: "agent.*") >= 1)
            return false
        }
        try lane.judge(attempt)
    }
}

extension KillLane {
    /// Where somebody is held now.
    fileprivate func place() -> String? {
        let line = (try? String(contentsOfFile: hold, encoding: .utf8)) ?? ""
        return line.last == "\n" ? line.split(separator: " ").last.map { $0.trimmingCharacters(in: .newlines) } : nil
    }
}
