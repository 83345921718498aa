import Foundation
import Synchronization
import Testing

/// Kills at instants that nobody chose, over the whole of an upgrade: a few by default, elsewhere in each run; 200 with `UPLIFT_SOAK=1`.
/// `UPLIFT_SEED` draws the same again.
@Suite struct KillAtRandomTests {
    @Test func everyUpgradeEndsAsIfNothingWasKilled() throws {
        let instants = Soak.isOn ? 200 : 6
        let lanes: [KillCargo] = [.hooks, .best]
        let found = Mutex<(phases: [String: Int], troubles: [any Error])>(([:], []))
        DispatchQueue.concurrentPerform(iterations: lanes.count) { number in
            do {
                var round = try RandomKills(lanes[number], seed: Soak.seed &+ UInt64(number))
                for _ in 0..<(instants / lanes.count) {
                    let (phase, trouble) = try round.next()
                    found.withLock {
                        $0.phases[phase, default: 0] += 1
                        if let trouble { $0.troubles.append(trouble) }
                    }
                }
            } catch { found.withLock { $0.troubles.append(error) } }
        }
        let (phases, troubles) = found.withLock { $0 }
        for (phase, count) in phases.sorted(by: { $0.key < $1.key }) { print("  \(phase): \(count)") }
        for trouble in troubles { Issue.record(trouble) }
        let count = phases.values.reduce(0, +)
        print("kills: \(count) instants, \(troubles.count) violations (seed \(Soak.seed))")
        #expect(count == instants)
    }
}

/// One node that is killed again and again.
private struct RandomKills {
    private let cargo: KillCargo
    private let seed: UInt64
    private var dice: Dice
    private var lane: KillLane
    /// How long an upgrade takes here when nobody is killed, from its policy's publication to its last word.
    private let times: [Bool: TimeInterval]
    private var number = 0

    init(_ cargo: KillCargo, seed: UInt64) throws {
        self.cargo = cargo
        self.seed = seed
        dice = Dice(state: seed)
        let lane = try KillLane(cargo: cargo)
        self.lane = lane
        times = try Dictionary(
            uniqueKeysWithValues: [false, true].map { isSick in
                let attempt = try lane.begin(sick: isSick)
                let begin = Date()
                try lane.hub.awaitWord(attempt.outcome.last, attempt.policy)
                let time = -begin.timeIntervalSinceNow
                try lane.judge(attempt)
                return (isSick, time)
            })
    }

    /// Where the kill met the upgrade, and what was wrong in the end.
    mutating func next() throws -> (phase: String, trouble: Trouble?) {
        number += 1
        let isSick = dice.next(below: 2) == 1
        let drawn = KillVictim.allCases[dice.next(below: KillVictim.allCases.count)]
        let delay = (times[isSick] ?? 0) * Double(dice.next(below: 1000)) / 1000
        var what = "\(cargo) \(number), \(Int(delay * 1000)) ms after a \(isSick ? "sick" : "good") package (seed \(seed))"
        var phase = "nothing"
        do {
            var attempt = try lane.begin(sick: isSick)
            usleep(UInt32(delay * 1_000_000))
            // Who does not live cannot be killed.
            let lives = drawn == .agent ? lane.node.agentPID != nil : drawn == .installer ? lane.node.installerPID != nil : true
            let victim = lives ? drawn : .all
            phase = try lane.phase(attempt)
            what += ": \(victim) killed at \(phase)"
            try lane.strike(victim, &attempt)
            try lane.judge(attempt)
            print(what)
            return (phase, nil)
        } catch {
            let trouble = lane.explained(error, what)
            lane = try KillLane(cargo: cargo)
            return (phase, trouble)
        }
    }
}

extension KillLane {
    /// The journal's last record while there is a journal, otherwise the last word at the exchange.
    fileprivate func phase(_ attempt: Attempt) throws -> String {
        let jobs = node.state + "/jobs"
        for ticket in (try? FileManager.default.contentsOfDirectory(atPath: jobs)) ?? [] {
            guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: "\(jobs)/\(ticket)/journal")) else { continue }
            let records = String(decoding: bytes, as: UTF8.self).matches(of: /"step":\{"(\w+)"/)
            return "record " + (records.last.map { String($0.output.1) } ?? "none")
        }
        return "word " + (try hub.words(attempt.policy).last ?? "none")
    }
}

/// Long runs, and runs that can be had again.
enum Soak {
    static let isOn = ProcessInfo.processInfo.environment["UPLIFT_SOAK"] == "1"
    static let seed = {
        let seed = ProcessInfo.processInfo.environment["UPLIFT_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...UInt64.max)
        print("UPLIFT_SEED=\(seed)")
        return seed
    }()
}

/// Draws the same for the same seed.
struct Dice {
    var state: UInt64

    mutating func next(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }
}
