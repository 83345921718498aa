import Foundation
import Testing

/// A signed package whose `bin/upliftd` the kernel will not run: nothing before the switch tries it, so the trial must end in a rollback.
/// Source: install.md, "Which word".
@Suite(.serialized) struct UnspawnableReleaseTests {
    struct Program: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let text: String
        let mode: Int
        /// What the reason must name.
        let why: String

        static let all = [
            Program(testDescription: "interpreter missing", text: "#!/nonexistent\n", mode: 0o755, why: "No such file or directory"),
            Program(testDescription: "not executable", text: "#!/bin/sh\n", mode: 0o644, why: "Permission denied"),
        ]
    }

    @Test(arguments: Program.all) func aProgramThatCannotBeStartedIsRolledBack(_ program: Program) throws {
        let lane = try KillLane()
        do {
            let attempt = try lane.begin(
                sick: true, health: #"["bin/upliftd","selftest"]"#, program: .text(program.text, mode: program.mode))
            try lane.judge(attempt)
            let reason = try lane.reason(attempt)
            #expect(reason.contains(program.why), "\(reason)")
            #expect(!reason.contains("\n") && reason.utf8.count < 600, "not one sentence: \(reason)")
            print("\(program.testDescription): \(reason)")
        } catch {
            throw lane.explained(error, program.testDescription)
        }
    }
}
