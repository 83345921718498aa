import Foundation
import Testing

/// What a package's health command starts and leaves behind never outlives the installer that ran it. Source: CrashSafety, "What starts what".
@Suite(.serialized) struct KillLeftoverTests {
    /// Starts two processes that stay, one in its own group and one in a group of another (`timeout` makes it), and then does `end`.
    private static func healthCommand(_ end: String) -> (path: String, mode: Int, bytes: [UInt8]) {
        let script = """
            #!/bin/sh
            count() { cat "$UPLIFT_ROOT/stayed" 2>/dev/null | wc -l; }
            if [ "$1" = stay ]; then
                echo $$ >> "$UPLIFT_ROOT/stayed"
                while [ -d "$UPLIFT_ROOT/etc" ]; do sleep 0.2; done
                exit
            fi
            before=$(count)
            "$0" stay &
            timeout 600 "$0" stay &
            while [ $(count) -lt $((before + 2)) ]; do sleep 0.02; done
            echo $$ >> "$UPLIFT_ROOT/asked"
            \(end)

            """
        return ("bin/health", 0o755, Array(script.utf8))
    }

    private static let waits = healthCommand(#"while [ ! -e "$UPLIFT_ROOT/go" ]; do sleep 0.05; done"#)

    /// What the first installer's health command started must not meet the second one's: the supervisor sees to it, and without one the
    /// installer, which leaves by its life line.
    @Test(arguments: [KillVictim.installer, .supervisor])
    func theLeftoversOfAnEndedInstallerAreGoneBeforeTheNextHealthCommand(victim: KillVictim) throws {
        let lane = try KillLane()
        do {
            var attempt = try lane.begin(sick: false, health: #"["bin/health"]"#, entries: [Self.waits])
            try eventually("the health command") { lane.asked == 1 }
            let first = lane.leftovers
            #expect(first.count == 3, "two that stay, and timeout")
            try lane.strike(victim, &attempt)
            try eventually("the health command's second run") { lane.asked == 2 }
            #expect(first.isDisjoint(with: lane.leftovers), "met its successor")
            try Data().write(to: URL(fileURLWithPath: lane.node.root + "/go"))
            try lane.judge(attempt)
            #expect(lane.leftovers.isEmpty)
        } catch {
            throw lane.explained(error, "\(victim) killed while the health command ran")
        }
    }

    /// A health command that ends well: its group goes with it, whatever else it started goes with the installer.
    @Test func theLeftoversOfAGoodHealthCommandAreGoneAfterTheCommit() throws {
        let lane = try KillLane()
        do {
            try lane.restart(holdingAfter: "commitIntended")
            let attempt = try lane.begin(sick: false, health: #"["bin/health"]"#, entries: [Self.healthCommand("exit 0")])
            try lane.awaitHold("commitIntended")
            #expect(lane.asked == 1)
            let installer = try #require(lane.node.installerPID)
            lane.removeHold()
            try eventually("the end of the installer") { Processes.all().allSatisfy { $0.pid != installer } }
            try eventually("the end of the leftovers", within: 5) { lane.leftovers.isEmpty }
            try lane.judge(attempt)
        } catch {
            throw lane.explained(error, "health command that leaves processes behind")
        }
    }
}

extension KillLane {
    /// How often the health command came to its point.
    fileprivate var asked: Int { (try? String(contentsOfFile: node.root + "/asked", encoding: .utf8))?.split(separator: "\n").count ?? 0 }

    /// What stayed behind of all health commands.
    fileprivate var leftovers: Set<Int32> { Set(node.processes.filter { $0.command.last == "stay" }.map(\.pid)) }
}
