import ArgumentParser
import UpgradeAgent
import UpgradeModel
import UpgradeSystem

/// What the agent's own package runs as its health command: the program loads, and what it needs from the system is there.
struct SelfTest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "selftest", abstract: "Prove that this program can work on this machine; exit 0 = yes.")

    func run() throws {
        let clock = try LiveClock()
        guard !clock.bootID.isEmpty else { throw ReleaseError("the kernel names no boot id (/proc/sys/kernel/random/boot_id)") }
        _ = try LiveFileTree(root: "/").entry(.known("proc"))
        print("upliftd \(World.version): ready")
    }
}
