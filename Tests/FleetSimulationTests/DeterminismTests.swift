import FleetSimulation
import Testing
import UpgradeModel

/// The same scenario and seed are the same run in every process and on every machine: the hashes stand here. (Swift's own tables have another order
/// in each process, so one that has an effect shows up as another hash.)
@Suite struct DeterminismTests {
    /// Renewed by hand when the agent behaves otherwise on purpose: the test prints the new ones.
    static let known: [(seed: UInt64, hash: String)] = [
        (2, "5a4dd7bbf40fb701"), (5, "4c5d1f0942b3d729"), (11, "f6baad7659d88438"), (29, "252b38f1d0aa9151"), (161, "0014582dc0417b29"),
        (175, "7e91965c49b801c6"),
    ]

    @Test func randomFleetsLeaveTheTraceThatIsWrittenDown() throws {
        let found = try Self.known.map { ($0.seed, try FleetRun(RandomScenario.scenario(seed: $0.seed), seed: $0.seed).run().traceHash) }
        let isEqual = zip(found, Self.known).allSatisfy { $0.1 == $1.hash }
        let table = found.map { "(\($0.0), \"\($0.1)\")" }.joined(separator: ", ")
        #expect(
            isEqual,
            """
            The traces differ from those that are written down. Run this test twice: when the two runs print different hashes, something depends on \
            the process, as the order of a dictionary does. When both print these, and the agent or the random fleets were changed on purpose, \
            write them down: \(table)
            """)
    }
}
