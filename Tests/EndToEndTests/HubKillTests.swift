import Foundation
import Testing
import UpgradePorts
import UpgradeWire

/// The hub is killed while many write: what it acknowledged is there afterwards, nothing is there by half, and changes that somebody saw
/// are still the same. Two rounds; twenty with `UPLIFT_SOAK=1`.
@Suite struct HubKillTests {
    private static let rounds = ProcessInfo.processInfo.environment["UPLIFT_SOAK"] == "1" ? 20 : 2

    @Test func whatWasAcknowledgedSurvivesAKill() throws {
        let scratch = Scratch()
        let hub = try TestHub(scratch)
        let crowd = try WritingCrowd(hub, scratch)
        for round in 1...Self.rounds {
            let after = Int.random(in: 100...900)
            do {
                try crowd.write(1000, killingAfter: after)
                try hub.start()
                try crowd.judge()
            } catch {
                Issue.record("round \(round), killed after \(after) acknowledged writes: \(error)")
                return
            }
            print("round \(round): killed after \(after) acknowledged writes; all of them are there")
        }
    }
}
