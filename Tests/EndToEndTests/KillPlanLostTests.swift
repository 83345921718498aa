import Foundation
import Testing

/// The plan of a job that has switched is lost while nobody runs: what goes on with the job cannot judge the new release any more, so it goes
/// back to the old one, which the journal names.
@Suite(.serialized) struct KillPlanLostTests {
    @Test(arguments: ["switched", "ready"]) func aSwitchedJobWithoutItsPlanIsRolledBack(_ record: String) throws {
        let lane = try KillLane()
        do {
            try lane.restart(holdingAfter: record)
            var attempt = try lane.begin(sick: true, health: #"["bin/upliftd","selftest"]"#)
            try lane.awaitHold(record)
            try lane.strike(.all, &attempt) {
                let jobs = lane.node.state + "/jobs"
                let tickets = try FileManager.default.contentsOfDirectory(atPath: jobs)
                try #require(tickets.count == 1)
                try FileManager.default.removeItem(atPath: jobs + "/" + tickets[0] + "/plan.json")
            }
            try lane.judge(attempt)
            let reason = try lane.reason(attempt)
            #expect(reason.contains("plan"), "\(reason)")
            print("plan lost at \(record): \(reason)")
        } catch {
            throw lane.explained(error, "plan lost at \(record)")
        }
    }
}
