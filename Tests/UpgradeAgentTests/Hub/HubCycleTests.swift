import Testing
import UpgradeSimulation

@testable import UpgradeAgent

/// What the hub's thread does beside asking.
@Suite struct HubCycleTests {
    /// The first poll sets the cursor, the second finds nothing new.
    @Test(arguments: [(1, 0), (2, 1), (5, 1)])
    func `memory is given back once, when a poll was quiet`(polls: Int, expected: Int) throws {
        let site = try MindSite()
        site.askHub(times: polls)
        #expect(site.memory.givenBack == expected)
    }

    /// A quiet one wakes nobody.
    @Test(arguments: [1, 2, 5]) func `the first cycle evaluates, a later poll is quiet`(polls: Int) throws {
        let site = try MindSite()
        site.askHub(times: polls)
        #expect(site.cycles.value == 1)
    }
}
