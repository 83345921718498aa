import Foundation
import Testing

/// Mutated texts and documents: every reader gives an answer, whatever it is given.
///
/// Each run is a process of its own: a trap is then a failed test that shows the input, a hang is ended by its alarm, and the memory is
/// that of the reader. `UPLIFT_SOAK=1` gives each reader a million inputs; `UPLIFT_SEED` repeats those of another run.
@Suite(.serialized) struct FuzzTests {
    /// Bytes; beyond what the process had before the first input.
    private static let memoryMax = 64 << 20
    /// For one input, on a busy machine and without optimization.
    private static let inputTimeMax = Duration.seconds(10)
    private static let isSoak = ProcessInfo.processInfo.environment["UPLIFT_SOAK"] == "1"

    @Test(arguments: FuzzReader.allCases)
    func eachSeedTwiceGivesTheSame(_ reader: FuzzReader) async throws {
        let first = try await run(reader, seed: 1, count: 20_000)
        let second = try await run(reader, seed: 1, count: 20_000)
        #expect(first.fingerprint == second.fingerprint)
        #expect(try await run(reader, seed: 2, count: 100).fingerprint != run(reader, seed: 3, count: 100).fingerprint)
    }

    @Test(.enabled(if: isSoak, "SKIPPED: set UPLIFT_SOAK=1"), arguments: FuzzReader.allCases)
    func aMillionInputs(_ reader: FuzzReader) async throws {
        let given = ProcessInfo.processInfo.environment["UPLIFT_SEED"].flatMap { UInt64($0) }
        let outcome = try await run(reader, seed: given ?? UInt64.random(in: 1...UInt64.max), count: 1_000_000)
        print(outcome)
    }

    /// Runs in a child process, judges it, and shows the input that ended it.
    private func run(_ reader: FuzzReader, seed: UInt64, count: Int) async throws -> FuzzOutcome {
        let scratch = try Scratch()
        let plan = FuzzPlan(reader: reader, seed: seed, count: count, folder: scratch.path)
        await #expect(processExitsWith: .success, "\(plan)") { [plan = plan as FuzzPlan] in try FuzzRun(plan).run() }
        guard let data = FileManager.default.contents(atPath: plan.outcomeFile) else {
            let input = FileManager.default.contents(atPath: plan.inputFile) ?? Data()
            throw Finding("\(plan) ended with this input: \(String(decoding: input, as: UTF8.self).debugDescription)")
        }
        let outcome = try JSONDecoder().decode(FuzzOutcome.self, from: data)
        #expect(outcome.accepted > count / 50, "hardly anything was read, so hardly anything was tested: \(outcome)")
        #expect(outcome.accepted < count, "\(outcome)")
        #expect(outcome.peak - outcome.atStart < Self.memoryMax, "\(outcome)")
        #expect(outcome.slowest < Self.inputTimeMax, "\(outcome)")
        return outcome
    }
}
