import Foundation
import Testing

/// The supervisor is told to end in the middle of a trial.
@Suite(.serialized) struct KillStopTests {
    @Test func aStopDuringATrialIsCleanAndALaterStartFinishes() throws {
        let lane = try KillLane()
        let script = "#!/bin/sh\ntouch \"$UPLIFT_ROOT/asked\"\nwhile [ ! -e \"$UPLIFT_ROOT/go\" ]; do sleep 0.05; done\n"
        let attempt = try lane.begin(sick: false, health: #"["bin/health"]"#, entries: [("bin/health", 0o755, Array(script.utf8))])
        do {
            try eventually("the health command") { FileManager.default.fileExists(atPath: lane.node.root + "/asked") }
            let status = try #require(lane.node.supervisor).stop()
            #expect(status == 0)
            // Nobody is left, not even the health command.
            try eventually("the end of all processes", within: 5) { lane.node.processes.isEmpty }
            #expect(try lane.node.link("current") != lane.node.link("recover"))
            try Data().write(to: URL(fileURLWithPath: lane.node.root + "/go"))
            try lane.node.start(awaitAgent: false)
            try lane.judge(attempt)
        } catch {
            throw lane.explained(error, "supervisor stopped in a trial")
        }
    }

    @Test func aKilledInstallerLeavesNoHealthCommandBehind() throws {
        let lane = try KillLane()
        let script = "#!/bin/sh\necho $$ >> \"$UPLIFT_ROOT/asked\"\nwhile [ ! -e \"$UPLIFT_ROOT/go\" ]; do sleep 0.05; done\n"
        var attempt = try lane.begin(sick: false, health: #"["bin/health"]"#, entries: [("bin/health", 0o755, Array(script.utf8))])
        func asked() -> Int { (try? String(contentsOfFile: lane.node.root + "/asked", encoding: .utf8))?.split(separator: "\n").count ?? 0 }
        do {
            try eventually("the health command") { asked() == 1 }
            try lane.strike(.installer, &attempt)
            try eventually("the health command's second run") { asked() == 2 }
            try eventually("one health command at a time", within: 5) {
                lane.node.processes.filter { $0.command.contains { $0.hasSuffix("bin/health") } }.count == 1
            }
            try Data().write(to: URL(fileURLWithPath: lane.node.root + "/go"))
            try lane.judge(attempt)
        } catch {
            throw lane.explained(error, "installer killed while the health command ran")
        }
    }
}
